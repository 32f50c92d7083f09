using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Sinter.Data.Examples;
using Sinter.Text;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>Examples as tokens, in two parts.</summary>
/// <param name="tokenizer">What made the tokens.</param>
/// <param name="names">The labels, or the names of the numbers, in the order of the model's outputs.</param>
/// <param name="train">The examples to train on.</param>
/// <param name="validation">Those to validate with.</param>
/// <param name="form">How they lie in rows.</param>
/// <param name="sequences">Both in rows.</param>
public sealed class ExampleData(ITokenizer tokenizer, IReadOnlyList<string> names, EncodedExamples train, EncodedExamples validation, ExampleForm form, TrainingData sequences)
    : TaskData
{
    /// <inheritdoc/>
    public override ITokenizer Tokenizer => tokenizer;

    /// <inheritdoc/>
    public override TrainingData Sequences => sequences;

    /// <inheritdoc/>
    public override long TrainTokens => train.TokenCount;

    /// <inheritdoc/>
    public override long ValidationTokens => validation.TokenCount;

    /// <summary>The labels, or the names of the numbers, in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The examples to train on.</summary>
    public EncodedExamples Train => train;

    /// <summary>Those to validate with.</summary>
    public EncodedExamples Validation => validation;

    /// <summary>How they lie in rows.</summary>
    public ExampleForm Form => form;

    /// <inheritdoc/>
    public override string ContentHash { get; } = Hash(names, train, validation);

    private static string Hash(IReadOnlyList<string> names, params ReadOnlySpan<EncodedExamples> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in names) hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        foreach (var part in parts)
        {
            for (long i = 0; i < part.Count; i++)
            {
                hash.AppendData(BitConverter.GetBytes(part.LengthOf(i)));
                hash.AppendData(MemoryMarshal.AsBytes(part.TokensOf(i)));
            }
            hash.AppendData(MemoryMarshal.AsBytes<int>(part.Seconds));
            hash.AppendData(MemoryMarshal.AsBytes<int>(part.Labels));
            hash.AppendData(MemoryMarshal.AsBytes<float>(part.Values));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
