using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// An optimizer that treats every element of every weight alone: a rule, with the numbers of the step, and up to three states of the weight's shape. One pass
/// over memory.
/// </summary>
/// <remarks>A weight without a gradient stays, and its states with it. Updates are counted from the first in which a weight has one, as PyTorch counts them: a layer that is
/// unfrozen late begins as all others did.</remarks>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class ElementwiseOptimizer<TRule> : IOptimizer where TRule : unmanaged, IUpdateRule
{
    private const double NotYet = -1;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly double _weightDecay;
    private readonly Func<UpdateStep, TRule> _rule;
    private readonly ParameterState?[] _states;
    private readonly UpdateTarget[] _targets;
    private readonly int[] _group;
    private readonly double[] _begun;
    private readonly List<(int Group, double Begun)> _kinds = [];
    private TRule[] _rules = [];
    private long _updates;

    /// <summary>Makes the states.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="weightDecay">The weight decay of groups that have none of their own.</param>
    /// <param name="rule">The rule of a step.</param>
    /// <param name="states">The names of the rule's states, three at most; null where the rule has no use for one, which then costs nothing.</param>
    /// <param name="initial">What every element of the states begins with.</param>
    public ElementwiseOptimizer(IReadOnlyList<ParameterGroup> groups, double weightDecay, Func<UpdateStep, TRule> rule, IReadOnlyList<string?> states,
        double initial = 0)
    {
        (_groups, _weightDecay, _rule) = (groups, weightDecay, rule);
        Parameter[] parameters = [.. groups.SelectMany(g => g.Parameters)];
        _states = [.. states.Select(name => name is null ? null : new ParameterState(name, parameters, initial))];
        _group = [.. groups.SelectMany((g, i) => Enumerable.Repeat(i, g.Parameters.Count))];
        _begun = new double[parameters.Length];
        Array.Fill(_begun, NotYet);
        _targets = [.. parameters.Select((p, i) => new UpdateTarget(p.Value, 0, State(0, i), State(1, i), State(2, i)))];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, double gradientScale, double? momentum = null)
    {
        Begin();
        _updates++;
        for (int i = 0; i < _rules.Length; i++)
        {
            var group = _groups[_kinds[i].Group];
            _rules[i] = _rule(new UpdateStep(_updates - (long)_kinds[i].Begun, learningRate * group.LearningRateFactor, group.WeightDecay ?? _weightDecay, momentum));
        }
        MultiTensor.Update<TRule>(_targets, _rules, gradientScale);
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("updates", _updates);
        if (_begun.Any(b => b != 0)) state.Numbers("begun", _begun);
        foreach (var s in _states) s?.Save(state);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _updates = state.Integer("updates");
        Array.Clear(_begun);
        if (state.Has("begun")) state.Numbers("begun").AsSpan().CopyTo(_begun);
        Number();
        foreach (var s in _states) s?.Load(state);
    }

    /// <summary>Notes the weights that have their first gradient.</summary>
    private void Begin()
    {
        bool more = false;
        for (int i = 0; i < _targets.Length; i++)
        {
            if (_begun[i] != NotYet || !_targets[i].Weight.HasGrad) continue;
            (_begun[i], more) = (_updates, true);
        }
        if (more) Number();
    }

    /// <summary>Gives a rule to each group of weights that began together.</summary>
    private void Number()
    {
        _kinds.Clear();
        for (int i = 0; i < _targets.Length; i++)
        {
            var kind = (_group[i], Math.Max(0, _begun[i]));
            int rule = _kinds.IndexOf(kind);
            if (rule < 0)
            {
                rule = _kinds.Count;
                _kinds.Add(kind);
            }
            _targets[i] = _targets[i] with { Rule = rule };
        }
        _rules = new TRule[_kinds.Count];
    }

    private Tensor State(int number, int parameter) => number < _states.Length && _states[number] is { } state ? state[parameter] : default;
}
