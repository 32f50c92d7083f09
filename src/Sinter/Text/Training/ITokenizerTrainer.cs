namespace Sinter.Text.Training;

/// <summary>Learns a tokenizer from texts.</summary>
public interface ITokenizerTrainer
{
    /// <summary>Takes a text. May be called from several threads; the order of texts has no effect.</summary>
    void Add(ReadOnlySpan<char> text);

    /// <summary>Learns from the texts added; not while another thread adds.</summary>
    /// <param name="progress">Hears the share done, in [0, 1].</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    ITokenizer Train(IProgress<double>? progress = null, CancellationToken cancellation = default);
}
