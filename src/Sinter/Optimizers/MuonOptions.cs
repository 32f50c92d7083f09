using Sinter.Layers;
using Sinter.Options;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>Options of <see cref="Muon"/>. Defaults are PyTorch's.</summary>
public sealed class MuonOptions : OptimizerOptions
{
    private const string Original = "original", MatchAdamW = "match_rms_adamw", Spectral = "spectral_unclamped", Split = "split", Whole = "whole";

    /// <summary>The keys of <c>muon</c> in recipes.</summary>
    public static OptionsSchema<MuonOptions> Schema { get; } = OptionsSchema.Create<MuonOptions>(
        "Orthogonalized momentum for the matrices of the blocks, AdamW for the rest (Jordan et al., 2024).", static b =>
    {
        Describe(b);
        b.Number("momentum", "What the mean of the gradients keeps of itself.", o => o.Momentum, (o, v) => o.Momentum = v, NumberRange.BelowOne);
        b.Boolean("nesterov", "Whether the gradient counts once more beside the mean.", o => o.Nesterov, (o, v) => o.Nesterov = v);
        b.Numbers("ns_coefficients", "The polynomial of the Newton-Schulz iteration, a x + b x^3 + c x^5: three numbers.", o => o.Coefficients, (o, v) => o.Coefficients = v, NumberRange.Any);
        b.Integer("ns_steps", "Iterations.", o => o.Iterations, (o, v) => o.Iterations = v, 1, 99);
        b.Number("epsilon", "The least norm that is divided by.", o => o.Epsilon, (o, v) => o.Epsilon = v, NumberRange.Positive);
        b.Choice("adjust_learning_rate", "By the matrix: original has sqrt(max(1, outputs / inputs)), match_rms_adamw 0.2 sqrt(max(outputs, inputs)), spectral_unclamped sqrt(outputs / inputs).",
            o => o.AdjustLearningRate, (o, v) => o.AdjustLearningRate = v, [Original, MatchAdamW, Spectral]);
        b.Choice("fused", "A projection to queries, keys and values in one matrix: split is orthogonalized as three, whole as one.", o => o.Fused, (o, v) => o.Fused = v, [Split, Whole]);
        b.Number("weight_decay", "Decoupled weight decay of the matrices of linear layers.", o => o.WeightDecay, (o, v) => o.WeightDecay = v, NumberRange.NotNegative);
        b.Section("adamw", "AdamW for embeddings, the head, biases and norms; its learning rate follows the same schedule.", o => o.AdamW, (o, v) => o.AdamW = v, () => AdamWOptions.Schema);
        b.Rule(["ns_coefficients"], static o => o.Coefficients.Count == 3 ? null : "three numbers are needed, a, b and c");
    });

    /// <inheritdoc/>
    public override string Name => "muon";

    /// <inheritdoc/>
    public override bool HasMomentum => true;

    /// <summary>μ: what the mean of the gradients keeps of itself.</summary>
    public double Momentum { get; set; } = 0.95;

    /// <summary>Whether the gradient counts once more beside the mean.</summary>
    public bool Nesterov { get; set; } = true;

    /// <summary>a, b and c of the iteration X ← aX + (bA + cA²)X, A = XXᵀ.</summary>
    public IReadOnlyList<double> Coefficients { get; set; } = [3.4445, -4.775, 2.0315];

    /// <summary>Iterations.</summary>
    public int Iterations { get; set; } = 5;

    /// <summary>The least norm that is divided by.</summary>
    public double Epsilon { get; set; } = 1e-7;

    /// <summary>How the learning rate depends on a matrix: <c>original</c>, <c>match_rms_adamw</c> or <c>spectral_unclamped</c>.</summary>
    public string AdjustLearningRate { get; set; } = Original;

    /// <summary>What becomes of maps that lie side by side in one matrix: <c>split</c> or <c>whole</c>.</summary>
    public string Fused { get; set; } = Split;

    /// <summary>Decoupled weight decay of the matrices of linear layers.</summary>
    public double WeightDecay { get; set; } = 0.1;

    /// <summary>AdamW for everything that is not the matrix of a linear layer.</summary>
    public AdamWOptions AdamW { get; set; } = new();

    /// <inheritdoc/>
    public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new Muon(this, groups);

    /// <summary>The numbers of an update of a map from <paramref name="inputs"/> to <paramref name="outputs"/>.</summary>
    internal OrthogonalRule Rule(double inputs, double outputs, UpdateStep step, double gradientScale) => new(gradientScale, step.Momentum ?? Momentum, Nesterov,
        step.LearningRate * AdjustLearningRate switch
        {
            Original => Math.Sqrt(Math.Max(1, outputs / inputs)),
            MatchAdamW => 0.2 * Math.Sqrt(Math.Max(outputs, inputs)),
            _ => Math.Sqrt(outputs / inputs),
        }, step.Shrink, (Coefficients[0], Coefficients[1], Coefficients[2]), Iterations, Epsilon);

    /// <summary>The maps of a matrix that are orthogonalized one by one.</summary>
    internal IEnumerable<(MatrixPart Part, long Inputs, long Outputs)> Parts(Parameter matrix)
    {
        bool columns = matrix.Layout == WeightLayout.InputsByOutputs;
        long inputs = matrix.Value.Shape[columns ? 0 : 1], all = matrix.Value.Shape[columns ? 1 : 0], first = 0;
        foreach (long outputs in Fused == Split ? matrix.Outputs!.Select(o => (long)o) : [all])
        {
            yield return (columns ? new MatrixPart(0, first, inputs, outputs) : new MatrixPart(first, 0, outputs, inputs), inputs, outputs);
            first += outputs;
        }
    }
}
