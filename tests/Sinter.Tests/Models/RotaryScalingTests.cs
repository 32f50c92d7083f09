using Sinter.Checkpoints;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Generation;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tests.Checkpoints;

namespace Sinter.Tests.Models;

/// <summary>One Llama under each kind of scaled positions, short of where the scaling begins and beyond: see References/models/decoders.py.</summary>
public sealed class RotaryScalingTests
{
    // As in PyTorchParityTests.
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Kinds => ["linear", "dynamic", "llama3", "yarn", "longrope"];

    [Theory, MemberData(nameof(Kinds))]
    public void Logits(string kind)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open("rope");
        using var folder = Folder(kind);
        // The long text first: what was made for it must not stay.
        var model = ModelFolder.Load(folder.Path, device).LanguageModel;
        foreach (string length in (string[])["long", "short"])
        {
            using var scope = device.Scope("logits");
            Closeness.Close(reference.Float32($"{kind}.{length}"), model.Logits(reference.Int32(device, length), default).Span, Tolerance, length);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Greedy_tokens(string kind)
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.Open("rope");
        using var folder = Folder(kind);
        var model = ModelFolder.Load(folder.Path, device).LanguageModel;
        int[] greedy = reference.Int32($"{kind}.greedy");
        var options = new GenerationOptions { MaxNewTokens = greedy.Length, Temperature = 0, EndToken = -1 };
        Assert.Equal(greedy, new TextGenerator(model).Generate(reference.Int32("prompt"), options, TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_config_is_written_as_it_was_read(string kind)
    {
        using var folder = new TempFolder();
        var config = HuggingFaceConfig.Read(Path.Combine(Reference.Folder("rope"), kind + ".json"));
        Assert.NotNull(config.RopeScaling);
        HuggingFaceConfig.Write(folder["config.json"], config);
        Assert.Equal(config, HuggingFaceConfig.Read(folder["config.json"]));
    }

    [Fact]
    public void Keys_that_were_turned_by_other_angles_are_not_used()
    {
        using var device = new CpuDevice(1);
        using var folder = Folder("longrope");
        var model = ModelFolder.Load(folder.Path, device).LanguageModel;
        using var pause = device.Tape.Pause();
        using var scope = device.Scope("test");
        var cache = model.CreateCache();
        model.Logits(device.From(Enumerable.Range(0, 12).ToArray(), 1, 12), new ForwardContext { Cache = cache });
        var error = Assert.Throws<InvalidOperationException>(() => { model.Logits(device.From([1], 1, 1), new ForwardContext { Cache = cache }); });
        Assert.Contains("other angles", error.Message, StringComparison.Ordinal);
        cache.Clear();
        model.Logits(device.From(Enumerable.Range(0, 13).ToArray(), 1, 13), new ForwardContext { Cache = cache });
        model.Logits(device.From([1], 1, 1), new ForwardContext { Cache = cache });
        Assert.Equal(14, cache.Length);
    }

    internal static TempFolder Folder(string kind)
    {
        var folder = new TempFolder();
        File.Copy(Path.Combine(Reference.Folder("rope"), kind + ".json"), folder["config.json"]);
        File.Copy(Path.Combine(Reference.Folder("rope"), "model.safetensors"), folder["model.safetensors"]);
        return folder;
    }
}
