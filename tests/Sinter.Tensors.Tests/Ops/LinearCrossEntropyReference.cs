namespace Sinter.Tensors.Tests.Ops;

/// <summary>Head and cross entropy in double from the definition: x [N, C], weight [V, C], gradients of the sum of losses, with the terms
/// of label smoothing and z-loss, a bias and weights of classes, ÷ divisor, of logits that may be capped.</summary>
internal sealed class LinearCrossEntropyReference
{
    public double Sum, Smoothing, ZLoss;
    public long Targets, Correct;
    public double[] DX, DWeight, DBias;

    public LinearCrossEntropyReference(float[] x, float[] weight, int[] targets, int ignored, double divisor,
        double smoothing = 0, double zLoss = 0, double cap = 0, float[]? bias = null, float[]? classWeights = null)
    {
        int rows = targets.Length, width = x.Length / rows, vocabulary = weight.Length / width;
        (DX, DWeight, DBias) = (new double[x.Length], new double[weight.Length], new double[vocabulary]);
        double average = classWeights?.Average(v => (double)v) ?? 1;
        double[] w = classWeights is null ? [.. Enumerable.Repeat(1.0, vocabulary)] : [.. classWeights];
        Targets = targets.Count(t => t != ignored);
        if (divisor == 0) divisor = Math.Max(1, Targets);
        var p = new double[vocabulary];
        for (int r = 0; r < rows; r++)
        {
            if (targets[r] == ignored) continue;
            for (int v = 0; v < vocabulary; v++)
            {
                p[v] = bias?[v] ?? 0;
                for (int c = 0; c < width; c++) p[v] += (double)x[r * width + c] * weight[v * width + c];
                if (cap > 0) p[v] = cap * Math.Tanh(p[v] / cap);
            }
            double max = p.Max(), own = p[targets[r]], sum = p.Sum(z => Math.Exp(z - max));
            double logZ = max + Math.Log(sum), chosen = w[targets[r]], mass = (1 - smoothing) * chosen + smoothing * average;
            Sum += chosen * (logZ - own);
            Smoothing += smoothing * (p.Select((z, v) => w[v] * (logZ - z)).Average() - chosen * (logZ - own));
            ZLoss += zLoss * logZ * logZ;
            Correct += Array.IndexOf(p, max) == targets[r] ? 1 : 0;
            for (int v = 0; v < vocabulary; v++)
            {
                double wanted = (1 - smoothing) * (v == targets[r] ? chosen : 0) + smoothing / vocabulary * w[v];
                double d = (Math.Exp(p[v] - max) / sum * (mass + 2 * zLoss * logZ) - wanted) / divisor;
                if (cap > 0) d *= 1 - p[v] / cap * (p[v] / cap);
                DBias[v] += d;
                for (int c = 0; c < width; c++)
                {
                    DX[r * width + c] += d * weight[v * width + c];
                    DWeight[v * width + c] += d * x[r * width + c];
                }
            }
        }
    }
}
