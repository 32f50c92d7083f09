namespace Sinter.Tensors.Tests.Ops;

/// <summary>Head and cross entropy in double from the definition: x [N, C], weight [V, C], gradients of the sum of losses ÷ divisor.</summary>
internal sealed class LinearCrossEntropyReference
{
    public double Sum;
    public long Targets, Correct;
    public double[] DX, DWeight;

    public LinearCrossEntropyReference(float[] x, float[] weight, int[] targets, int ignored, double divisor)
    {
        int rows = targets.Length, width = x.Length / rows, vocabulary = weight.Length / width;
        (DX, DWeight) = (new double[x.Length], new double[weight.Length]);
        Targets = targets.Count(t => t != ignored);
        if (divisor == 0) divisor = Math.Max(1, Targets);
        var p = new double[vocabulary];
        for (int r = 0; r < rows; r++)
        {
            if (targets[r] == ignored) continue;
            for (int v = 0; v < vocabulary; v++)
            {
                p[v] = 0;
                for (int c = 0; c < width; c++) p[v] += (double)x[r * width + c] * weight[v * width + c];
            }
            double max = p.Max(), own = p[targets[r]], sum = p.Sum(z => Math.Exp(z - max));
            Sum += Math.Log(sum) + max - own;
            Correct += Array.IndexOf(p, max) == targets[r] ? 1 : 0;
            for (int v = 0; v < vocabulary; v++)
            {
                double d = (Math.Exp(p[v] - max) / sum - (v == targets[r] ? 1 : 0)) / divisor;
                for (int c = 0; c < width; c++)
                {
                    DX[r * width + c] += d * weight[v * width + c];
                    DWeight[v * width + c] += d * x[r * width + c];
                }
            }
        }
    }
}
