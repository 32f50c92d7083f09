using Sinter.Options;

namespace Sinter.Training.Batches;

/// <summary>The batch policies that recipes choose from.</summary>
public static class BatchPolicyRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<BatchPolicyOptions> All { get; } = new Registry<BatchPolicyOptions>("batch size")
        .Add(FixedBatchOptions.Schema)
        .Add(AllBatchOptions.Schema)
        .Add(RandomBatchOptions.Schema)
        .Add(RampBatchOptions.Schema)
        .Add(TokenBatchOptions.Schema)
        .Add(MemoryBatchOptions.Schema)
        .Shorten("fixed", "size");
}
