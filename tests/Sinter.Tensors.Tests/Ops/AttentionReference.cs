using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>
/// Attention and its gradients in double from the definition, one head and one query after the other. q [B, T, H, D], k and v [B, S, K, D].
/// </summary>
internal sealed class AttentionReference
{
    public double[] Y, DQ, DK, DV;
    private readonly AttentionOptions _o;
    private readonly int _batch, _queries, _keys;
    private readonly double[] _q, _k, _v;

    /// <summary>The probability of a query seeing a key is multiplied by this: 0 or 1 ÷ (1 − p) where weights are dropped.</summary>
    public Func<int, int, int, int, double> Mask = (_, _, _, _) => 1;

    /// <summary>Whether a query sees a key beside what the options say: batch, query, key.</summary>
    public Func<int, int, int, bool> Sees = (_, _, _) => true;

    /// <summary>Added to the capped scores: head, query, key.</summary>
    public Func<int, int, int, double> Bias = (_, _, _) => 0;

    /// <summary>Gets the gradient of the bias, a part for each sequence: head, query, key, gradient.</summary>
    public Action<int, int, int, double> BiasGradient = (_, _, _, _) => { };

    public AttentionReference(AttentionOptions options, int batch, int queries, int keys, float[] q, float[] k, float[] v)
    {
        (_o, _batch, _queries, _keys) = (options, batch, queries, keys);
        (_q, _k, _v) = (Array.ConvertAll(q, x => (double)x), Array.ConvertAll(k, x => (double)x), Array.ConvertAll(v, x => (double)x));
        (Y, DQ, DK, DV) = (new double[q.Length], new double[q.Length], new double[k.Length], new double[v.Length]);
    }

    public AttentionReference Run(float[] dy)
    {
        for (int b = 0; b < _batch; b++)
            for (int h = 0; h < _o.NumHeads; h++)
                for (int t = 0; t < _queries; t++) Query(b, h, t, dy);
        return this;
    }

    private void Query(int b, int h, int t, float[] dy)
    {
        int size = _o.HeadSize, kvHead = h / (_o.NumHeads / _o.NumKvHeads), position = t + _keys - _queries;
        double scale = _o.Scale == 0 ? 1 / Math.Sqrt(size) : _o.Scale, cap = _o.SoftCap;
        int q = ((b * _queries + t) * _o.NumHeads + h) * size;
        int Key(int s) => ((b * _keys + s) * _o.NumKvHeads + kvHead) * size;
        bool Visible(int s) => (!_o.Causal || s <= position) && (_o.Window == 0 || s > position - _o.Window) && Sees(b, t, s);
        int[] seen = [.. Enumerable.Range(0, _keys).Where(Visible)];
        if (seen.Length == 0) return;
        var raw = new double[seen.Length];
        for (int i = 0; i < seen.Length; i++) raw[i] = Dot(_q, q, _k, Key(seen[i]), size) * scale;
        double[] capped = cap == 0 ? raw : Array.ConvertAll(raw, x => cap * Math.Tanh(x / cap)),
            scores = [.. capped.Select((x, i) => x + Bias(h, t, seen[i]))];
        double max = scores.Max(), sum = scores.Sum(x => Math.Exp(x - max)), mean = 0;
        double[] p = Array.ConvertAll(scores, x => Math.Exp(x - max) / sum), dp = new double[p.Length];
        for (int i = 0; i < seen.Length; i++)
        {
            int key = Key(seen[i]);
            double mask = Mask(b, h, t, seen[i]);
            for (int d = 0; d < size; d++)
            {
                Y[q + d] += p[i] * mask * _v[key + d];
                DV[key + d] += p[i] * mask * dy[q + d];
                dp[i] += mask * dy[q + d] * _v[key + d];
            }
            mean += p[i] * dp[i];
        }
        for (int i = 0; i < seen.Length; i++)
        {
            int key = Key(seen[i]);
            double ds = p[i] * (dp[i] - mean);
            BiasGradient(h, t, seen[i], ds);
            if (cap != 0) ds *= 1 - capped[i] * capped[i] / (cap * cap);
            for (int d = 0; d < size; d++)
            {
                DQ[q + d] += ds * scale * _k[key + d];
                DK[key + d] += ds * scale * _q[q + d];
            }
        }
    }

    private static double Dot(double[] x, int i, double[] y, int j, int count)
    {
        double sum = 0;
        for (int d = 0; d < count; d++) sum += x[i + d] * y[j + d];
        return sum;
    }
}
