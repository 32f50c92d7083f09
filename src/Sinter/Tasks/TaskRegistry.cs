using Sinter.Options;

namespace Sinter.Tasks;

/// <summary>The tasks that recipes choose from.</summary>
public static class TaskRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<TaskOptions> All { get; } = new Registry<TaskOptions>("task")
        .Add(LanguageModelTaskOptions.Schema)
        .Add(ClassifyOptions.Schema)
        .Add(RegressOptions.Schema);
}
