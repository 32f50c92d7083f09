using Sinter.Options;

namespace Sinter.Tasks;

/// <summary>The options of a task: what the model learns to do.</summary>
public abstract class TaskOptions : INamedOptions
{
    /// <summary>The task's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The task of these options.</summary>
    public abstract ITask Create();
}
