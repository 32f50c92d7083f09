using System.Globalization;
using static Sinter.Advice.AdviceText;

namespace Sinter.Advice;

/// <summary>
/// Suggests how to train a model, by published rules: on a text here, on examples in <see cref="ExampleAdvisor"/>. Each value
/// stands on those before it: the length decides the arithmetic, the arithmetic the batch and the learning rate, and so on.
/// </summary>
public sealed class Advisor
{
    private readonly AdviceFacts _facts;
    private readonly ValidationHistory _history;
    private readonly List<Recommendation> _all = [];

    private Advisor(AdviceFacts facts) => (_facts, _history) = (facts, new ValidationHistory(facts.History));

    /// <summary>Values for the keys of <c>training</c> and <c>model.dropout</c>, in the order in which they follow from each other.</summary>
    public static IReadOnlyList<Recommendation> Suggest(AdviceFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Examples is { } examples) return ExampleAdvisor.Suggest(facts, examples);
        var advisor = new Advisor(facts);
        double tokens = advisor.Length();
        double flops = 6.0 * facts.BlockParameters * tokens;
        long sequences = advisor.Batch(flops, tokens);
        double steps = Math.Max(1, Math.Ceiling(tokens / (sequences * facts.ContextLength)));
        double beta2 = advisor.Optimizer(sequences * facts.ContextLength);
        double rate = advisor.LearningRate(flops);
        advisor.Schedule(rate, steps, beta2);
        advisor.Regularization(tokens);
        advisor.Stopping(steps);
        return advisor._all;
    }

    private double Length()
    {
        double perParameter = 20.0 * _facts.Parameters, fourPasses = 4.0 * _facts.TrainTokens;
        double tokens = Math.Max(Math.Min(perParameter, fourPasses), _facts.ContextLength);
        string reason = perParameter <= fourPasses
            ? $"20 tokens for each of {Short(_facts.Parameters)} parameters; the text has {Short(_facts.TrainTokens)}"
            : $"four passes over {Short(_facts.TrainTokens)} tokens are worth nearly as much as new text, and 20 tokens a parameter would be {Short(perParameter)}";
        string source = perParameter <= fourPasses ? "Hoffmann et al. 2022, section 3" : "Muennighoff et al. 2023, section 5";
        if (_history.Overfits)
        {
            tokens = Math.Max(_history.Best.Tokens, _facts.ContextLength);
            (reason, source) = ($"the validation loss was best at {Short(tokens)} tokens ({Show(_history.Best.ValidationLoss)}) and rose to {Show(_history.Last.ValidationLoss)}",
                "the run's validation; Prechelt 1998");
        }
        else if (_history.StillFalls)
        {
            tokens = Math.Min(2.0 * _history.Last.Tokens, Math.Max(tokens, 16.0 * _facts.TrainTokens));
            (reason, source) = ($"the validation loss was still falling after {Short(_history.Last.Tokens)} tokens ({Show(_history.Last.ValidationLoss)})",
                "the run's validation; up to 16 passes still teach: Muennighoff et al. 2023, section 5");
        }
        Add("training.max_tokens", Whole(tokens), reason, source);
        return tokens;
    }

    private long Batch(double flops, double tokens)
    {
        // At least a thousand updates: fewer leave no room for a schedule.
        double best = 0.2920 * Math.Pow(flops, 0.3271), most = tokens / 1000;
        long sequences = Math.Max(1, (long)Math.Round(Math.Min(best, most) / _facts.ContextLength));
        Add("training.batch_size", Whole(sequences), best <= most
            ? $"{Short(best)} tokens a step are best for {Short(flops)} FLOP of training"
            : $"{Short(best)} tokens a step would be best for {Short(flops)} FLOP of training, but leave fewer than a thousand steps",
            "DeepSeek-AI 2024, equation 1 (fitted from 1e17 FLOP up; below that an extrapolation)");
        return sequences;
    }

    private double Optimizer(double tokensPerStep)
    {
        bool isLarge = tokensPerStep >= 100_000;
        Add("training.optimizer.name", "adamw",
            "a rate of its own for each parameter, and decay apart from it; muon reached a lower loss in our comparison, at a higher price a step",
            "Loshchilov and Hutter 2019");
        Add("training.optimizer.betas", isLarge ? "[0.9, 0.95]" : "[0.9, 0.99]", isLarge
            ? "with large batches a short memory of squared gradients recovers sooner from a spike"
            : $"with {Short(tokensPerStep)} tokens a step gradients are noisy and their squares need a longer memory", isLarge
            ? "Brown et al. 2020, appendix B" : "nanoGPT's small recipes; Marek et al. 2025");
        return isLarge ? 0.95 : 0.99;
    }

    private double LearningRate(double flops)
    {
        double rate = Math.Min(0.3118 * Math.Pow(flops, -0.1250), 0.01);
        Add("training.optimizer.learning_rate", Two(rate), $"for {Short(flops)} FLOP of training with the batch above; `find-lr` measures what diverges",
            "DeepSeek-AI 2024, equation 1 (fitted from 1e17 FLOP up; below that an extrapolation), at most 0.01");
        return rate;
    }

    private void Schedule(double rate, double steps, double beta2)
    {
        double untuned = 2 / (1 - beta2), warmup = Math.Round(Math.Min(untuned, 0.1 * steps));
        Add("training.schedule.name", "cosine", $"falls over exactly the {Whole(steps)} steps of the run; take wsd if the length is not settled",
            "Hoffmann et al. 2022, appendix B; Hu et al. 2024 for wsd");
        Add("training.schedule.warmup_steps", Whole(warmup), untuned <= 0.1 * steps
            ? $"2 / (1 - {Two(beta2)}): until then Adam's second moment is a mean of few gradients"
            : $"a tenth of the run; 2 / (1 - {Two(beta2)}) = {Whole(untuned)} would be more", "Ma and Yarats 2021");
        Add("training.schedule.min_learning_rate", Two(rate / 10), "a tenth of the peak", "Hoffmann et al. 2022, appendix B");
        Add("training.gradient_clip", "1.0", "holds back single bad batches", "Pascanu et al. 2013; Brown et al. 2020, appendix B");
    }

    private void Regularization(double tokens)
    {
        double passes = tokens / _facts.TrainTokens;
        string dropout = _history.Overfits || passes > 4 ? "0.2" : passes > 1.5 ? "0.1" : "0.0";
        Add("model.dropout", dropout, _history.Overfits
            ? $"the earlier run learned by heart: {Show(_history.Best.ValidationLoss)} at best, {Show(_history.Last.ValidationLoss)} at the end"
            : passes > 1.5 ? $"the text is seen {passes.ToString("0.#", CultureInfo.InvariantCulture)} times" : "hardly any text is seen twice, and there is nothing to learn by heart",
            "Srivastava et al. 2014; Xue et al. 2023 for repeated text");
        Add("training.optimizer.weight_decay", "0.1", "decoupled, on matrices alone", "Brown et al. 2020, appendix B");
    }

    private void Stopping(double steps)
    {
        double every = Math.Max(1, Math.Round(steps / 40));
        Add("training.eval_every", Whole(every), "forty evaluations show a curve and cost little", "a habit");
        Add("training.stop", "[{ name: patience, metric: validation_loss, patience: 5 }]", $"five evaluations without a new best are {Whole(5 * every)} steps", "Prechelt 1998, UP criterion");
    }

    private void Add(string key, string value, string reason, string source) => _all.Add(new Recommendation(key, value, reason, source));
}
