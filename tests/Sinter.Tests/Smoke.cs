namespace Sinter.Tests;

public sealed class SmokeTests { [Fact] public void True() => Assert.True(true); }
