namespace Sinter.Monitoring.Reports;

/// <summary>The figures of <c>metrics.jsonl</c> as curves and headline figures.</summary>
internal sealed class ReportCurves
{
    private const int MostPoints = 2000;
    private const int MostSmoothPoints = 500;
    private static readonly string[] s_scores = ["validation_f1", "validation_precision", "validation_recall", "validation_matthews", "validation_f1_weighted", "validation_r2"];

    private readonly List<CurvePoint> _loss = [], _accuracy = [], _learningRate = [], _gradientNorm = [], _speed = [], _clipFactor = [], _penalty = [], _validationLoss = [],
        _validationAccuracy = [];
    private readonly Dictionary<string, List<CurvePoint>> _metrics = [];

    /// <summary>Reads the figures; there are none when the file is not there.</summary>
    public ReportCurves(string metricsPath)
    {
        if (!File.Exists(metricsPath)) return;
        foreach (var line in MetricsLine.Read(metricsPath)) Add(line);
    }

    private void Add(in MetricsLine line)
    {
        LastStep = line.Step;
        Tokens = line.Tokens;
        if (line.Loss is { } loss) _loss.Add(new CurvePoint(line.Step, loss));
        if (line.Accuracy is { } accuracy) _accuracy.Add(new CurvePoint(line.Step, accuracy));
        if (line.LearningRate is { } rate && line.Loss is not null) _learningRate.Add(new CurvePoint(line.Step, rate));
        if (line.ClipFactor is { } factor) _clipFactor.Add(new CurvePoint(line.Step, factor));
        if (line.Penalty is { } penalty) _penalty.Add(new CurvePoint(line.Step, penalty));
        if (line.GradientNorm is { } norm) _gradientNorm.Add(new CurvePoint(line.Step, norm));
        if (line.TokensPerSecond is { } speed) _speed.Add(new CurvePoint(line.Step, speed));
        if (line.ValidationLoss is { } validationLoss) _validationLoss.Add(new CurvePoint(line.Step, validationLoss));
        if (line.ValidationAccuracy is { } validationAccuracy) _validationAccuracy.Add(new CurvePoint(line.Step, validationAccuracy));
        if (line.IsEvaluated) Evaluations.Add(line);
        foreach (var (name, value) in line.Metrics)
        {
            if (!_metrics.TryGetValue(name, out var points)) _metrics[name] = points = [];
            points.Add(new CurvePoint(line.Step, value));
        }
    }

    /// <summary>The last step of the log.</summary>
    public long LastStep { get; private set; }

    /// <summary>Training tokens seen.</summary>
    public long Tokens { get; private set; }

    /// <summary>The lines of the evaluated steps.</summary>
    public List<MetricsLine> Evaluations { get; } = [];

    /// <summary>Steps that a smoothed figure is the mean of.</summary>
    public int Window => Math.Clamp(_loss.Count / 40, 1, 1000);

    /// <summary>The mean training loss of the last <see cref="Window"/> steps; not finite if one of them is not.</summary>
    public double? TrainingLoss => _loss.Count > 0 ? _loss.TakeLast(Window).Average(point => point.Y) : null;

    /// <summary>The last evaluation's loss.</summary>
    public double? ValidationLoss => Evaluations.Count > 0 ? Evaluations[^1].ValidationLoss : null;

    /// <summary>The evaluation with the lowest loss.</summary>
    public CurvePoint? BestValidation =>
        _validationLoss.Where(point => double.IsFinite(point.Y)).OrderBy(point => point.Y).Select(point => (CurvePoint?)point).FirstOrDefault();

    /// <summary>The median of the steps' tokens per second: pauses of a busy machine do not move it.</summary>
    public double? TokensPerSecond => _speed.Count > 0 ? _speed.Select(point => point.Y).Order().ElementAt(_speed.Count / 2) : null;

    /// <summary>The charts, the most important one first.</summary>
    /// <param name="target">What a target is, in the singular: <c>token</c>, <c>example</c>.</param>
    public IEnumerable<Chart> Charts(string target)
    {
        yield return new Chart("Loss", target == "token" ? "nats per token" : $"per {target}", [.. Smoothed("training", "smoothed", 1, _loss), .. Dots("validation", 2, _validationLoss)],
            NotFinite: NotFinite(_loss, _validationLoss));
        if (_accuracy.Count + _validationAccuracy.Count > 0) yield return new Chart("Accuracy", target == "token" ? "of the next token" : $"of {target}s",
            [.. Smoothed("training", "smoothed", 1, _accuracy), .. Dots("validation", 2, _validationAccuracy)],
            Percent: true);
        Series[] scores = [.. s_scores.Index().Where(s => _metrics.ContainsKey(s.Item)).SelectMany(s => Dots(ReportTask.Name(s.Item["validation_".Length..]), s.Index % 5 + 1, _metrics[s.Item]))];
        if (scores.Length > 0) yield return new Chart("Scores", $"of validation {target}s", scores);
        yield return new Chart("Gradient norm", "before clipping", [.. Smoothed("step", "smoothed", 4, _gradientNorm)],
            NotFinite: NotFinite(_gradientNorm));
        // Where nothing is ever clipped the curve says nothing.
        if (_clipFactor.Exists(point => point.Y < 1))
            yield return new Chart("Clip factor", "norm after clipping ÷ norm before", [.. Smoothed("step", "smoothed", 4, _clipFactor)]);
        if (_penalty.Count > 0) yield return new Chart("Penalty", "on the weights, beside the loss", [.. Smoothed("step", "smoothed", 2, _penalty)]);
        yield return new Chart("Learning rate", "", [new Series("learning rate", 3, SeriesStyle.Line, Curve.Thin(_learningRate, MostSmoothPoints))]);
        yield return new Chart("Speed", "training tokens per second", [.. Smoothed("step", "smoothed", 5, _speed)]);
    }

    private Series[] Smoothed(string name, string smoothName, int color, List<CurvePoint> points) => Window < 3
        ? [new Series(name, color, SeriesStyle.Line, Curve.Thin(points, MostPoints))] :
    [
        new Series(name, color, SeriesStyle.Faint, Curve.Thin(points, MostPoints)),
        new Series(smoothName, color, SeriesStyle.Line, Curve.Thin(Curve.Smooth(points, Window), MostSmoothPoints)),
    ];

    private static Series[] Dots(string name, int color, List<CurvePoint> points) =>
        points.Count == 0 ? [] : [new Series(name, color, points.Count <= 60 ? SeriesStyle.Dots : SeriesStyle.Line,
            Curve.Thin(points, MostSmoothPoints))];

    private static List<double> NotFinite(params List<CurvePoint>[] curves) =>
        [.. curves.SelectMany(points => points).Where(point => !double.IsFinite(point.Y)).Select(point => point.X).Distinct().Order()];
}
