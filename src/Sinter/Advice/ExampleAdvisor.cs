using static Sinter.Advice.AdviceText;

namespace Sinter.Advice;

/// <summary>Suggests how to train on examples or chats, by published rules of fine-tuning; of a new model by those of small data.</summary>
internal sealed class ExampleAdvisor
{
    private const int ExamplesPerStep = 32, StepsOfSmallData = 1000;
    private const double MostPasses = 20;

    private readonly AdviceFacts _facts;
    private readonly ExampleFacts _examples;
    private readonly ValidationHistory _history;
    private readonly List<Recommendation> _all = [];

    private ExampleAdvisor(AdviceFacts facts, ExampleFacts examples) => (_facts, _examples, _history) = (facts, examples, new ValidationHistory(facts.History));

    /// <summary>Values for the keys of <c>training</c> and <c>model.dropout</c>.</summary>
    public static IReadOnlyList<Recommendation> Suggest(AdviceFacts facts, ExampleFacts examples)
    {
        var advisor = new ExampleAdvisor(facts, examples);
        double stepsOfPass = advisor.Batch(), passes = advisor.Length(stepsOfPass), steps = Math.Max(1, Math.Ceiling(passes * stepsOfPass));
        advisor.Optimizer();
        advisor.Schedule(steps);
        advisor.Regularization();
        advisor.Stopping(steps, stepsOfPass);
        return advisor._all;
    }

    /// <summary>The steps of a pass.</summary>
    private double Batch()
    {
        double mean = (double)_facts.TrainTokens / _examples.Count, sequences = Math.Min(ExamplesPerStep, Math.Max(1, _examples.Count / 8));
        // The policy takes no budget that is less than one sequence of the context.
        double size = Math.Max(_facts.ContextLength, Math.Pow(2, Math.Round(Math.Log2(sequences * mean))));
        Add("training.batch_size", $"{{ name: tokens, size: {Whole(size)} }}",
            $"about {Whole(Math.Max(1, size / mean))} sequences of {Whole(mean)} tokens in the mean, those of like length together; small batches generalize better",
            "Devlin et al. 2019, appendix A.3 (16 or 32); Masters and Luschi 2018");
        return Math.Max(1, _facts.TrainTokens / size);
    }

    private double Length(double stepsOfPass)
    {
        double usual = _examples.IsPretrained ? 3 : 10, passes = Math.Clamp(Math.Round(StepsOfSmallData / stepsOfPass), usual, MostPasses);
        string reason = passes > usual ? $"{Short(_examples.Count)} sequences are few: until {StepsOfSmallData} steps are done, at most {Whole(MostPasses)} passes"
            : _examples.IsPretrained ? "a pretrained model needs two to four" : "a new model needs more than a pretrained one, and is stopped where it begins to learn by heart";
        string source = passes > usual ? "Mosbach et al. 2021, section 6" : _examples.IsPretrained ? "Devlin et al. 2019, appendix A.3" : "Prechelt 1998";
        if (_history.Overfits)
        {
            passes = Math.Max(1, Math.Round((double)_history.Best.Tokens / _examples.Targets));
            (reason, source) = ($"the validation loss was best after {Whole(passes)} ({Show(_history.Best.ValidationLoss)}) and rose to {Show(_history.Last.ValidationLoss)}",
                "the run's validation; Prechelt 1998");
        }
        else if (_history.StillFalls)
        {
            passes = Math.Max(1, Math.Round(2.0 * _history.Last.Tokens / _examples.Targets));
            (reason, source) = ($"the validation loss was still falling at the end ({Show(_history.Last.ValidationLoss)}): twice as long", "the run's validation");
        }
        Add("training.epochs", Whole(passes), reason, source);
        return passes;
    }

    private void Optimizer()
    {
        Add("training.optimizer.name", "adamw", "a rate of its own for each parameter, and decay apart from it", "Loshchilov and Hutter 2019");
        Add("training.optimizer.betas", "[0.9, 0.999]",
            "gradients of small batches are noisy; with the bias correction that this optimizer has, fine-tuning is stable", "Mosbach et al. 2021, section 6");
        (double rate, string reason, string source) = (_examples, _facts.Parameters) switch
        {
            ({ HasAdapter: true }, _) => (2e-4, "an adapter's few weights take larger steps than a model's", "Hu et al. 2022, appendix D"),
            ({ IsPretrained: false }, var n) => (Math.Max(1e-4, 0.003239 - 0.0001395 * Math.Log(n)),
                $"for {Short(n)} new parameters; `find-lr` measures what diverges", "Kaplan et al. 2020, appendix D.6"),
            (_, < 50_000_000) => (1e-4, $"{Short(_facts.Parameters)} pretrained parameters: small models take larger steps", "Turc et al. 2019 (3e-5 to 3e-4)"),
            (_, < 1_000_000_000) => (3e-5, $"{Short(_facts.Parameters)} pretrained parameters: of 2e-5 to 5e-5 the middle", "Devlin et al. 2019, appendix A.3"),
            _ => (1e-5, $"{Short(_facts.Parameters)} pretrained parameters: large models take small steps", "Ouyang et al. 2022, appendix C.1"),
        };
        Add("training.optimizer.learning_rate", Two(rate), reason, source);
    }

    private void Schedule(double steps)
    {
        double warmup = Math.Round(0.1 * steps);
        Add("training.schedule.name", "linear", $"rises over a tenth of the {Whole(steps)} steps and falls to nothing", "Devlin et al. 2019; Mosbach et al. 2021, section 6");
        Add("training.schedule.warmup_steps", Whole(warmup), "a tenth of the run", "Mosbach et al. 2021, section 6");
        Add("training.gradient_clip", "1.0", "holds back single bad batches", "Pascanu et al. 2013");
    }

    private void Regularization()
    {
        if (!_examples.IsPretrained)
            Add("model.dropout", _history.Overfits ? "0.3" : "0.2", _history.Overfits
                ? $"the earlier run learned by heart: {Show(_history.Best.ValidationLoss)} at best, {Show(_history.Last.ValidationLoss)} at the end"
                : "few examples, seen many times by a model that knows nothing", "Srivastava et al. 2014");
        Add("training.optimizer.weight_decay", _examples.IsPretrained ? "0.01" : "0.1", "decoupled, on matrices alone",
            _examples.IsPretrained ? "Devlin et al. 2019, appendix A.2" : "Brown et al. 2020, appendix B");
    }

    private void Stopping(double steps, double stepsOfPass)
    {
        double every = Math.Max(1, Math.Min(Math.Round(stepsOfPass / 2), Math.Round(steps / 10)));
        Add("training.eval_every", Whole(every), "twice a pass, and ten times a run at least", "a habit");
        Add("training.best", $"{{ metric: {_examples.Metric} }}", "the model that did best on what was held out is kept, since a run passes it", "Prechelt 1998");
    }

    private void Add(string key, string value, string reason, string source) => _all.Add(new Recommendation(key, value, reason, source));
}
