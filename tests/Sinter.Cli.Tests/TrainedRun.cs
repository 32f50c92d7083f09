[assembly: AssemblyFixture(typeof(Sinter.Cli.Tests.TrainedRun))]

namespace Sinter.Cli.Tests;

/// <summary>One run, complete, that tests read and do not change.</summary>
public sealed class TrainedRun : IDisposable
{
    private readonly Workspace _workspace = new();

    public TrainedRun() => Trained = _workspace.Run("train", "recipe.yaml", "--run", "run").Expect(0);

    /// <summary>The workspace's folder.</summary>
    public string Folder => _workspace.Folder;

    /// <summary>The run.</summary>
    public string Run => _workspace["run"];

    internal CliResult Trained { get; }

    internal Workspace Workspace => _workspace;

    public void Dispose()
    {
        _workspace.Dispose();
        Directory.Delete(Cli.Cache, recursive: true);
    }
}
