using Sinter.Options;

namespace Sinter.Training;

/// <summary>How recipes write the batch size: <c>12</c>, or <c>{ name: fixed, size: 12 }</c>.</summary>
internal sealed class BatchSizeForm : INamedOptions
{
    public static OptionsSchema<BatchSizeForm> Schema { get; } = OptionsSchema.Create<BatchSizeForm>(static b =>
        b.Integer("size", "Sequences in a micro-batch.", o => o.Size, (o, v) => o.Size = v, 1, 1 << 20));

    public static Registry<BatchSizeForm> Registry { get; } = new Registry<BatchSizeForm>("batch size").Add(Schema).Shorten("fixed", "size");

    public string Name => "fixed";
    public int Size { get; set; } = TrainingOptions.DefaultBatchSize;

    public static BatchSizeForm Of(int size) => new() { Size = size };
}
