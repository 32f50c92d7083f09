using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Optimizers;

/// <summary>
/// An optimizer that treats every element of every weight alone: a rule, with the numbers of the step, and up to three states of the weight's shape. One pass
/// over memory.
/// </summary>
/// <remarks>A weight without a gradient stays, and its states with it; updates are counted for all weights together.</remarks>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class ElementwiseOptimizer<TRule> : IOptimizer where TRule : unmanaged, IUpdateRule
{
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly double _weightDecay;
    private readonly Func<UpdateStep, TRule> _rule;
    private readonly ParameterState?[] _states;
    private readonly UpdateTarget[] _targets;
    private readonly TRule[] _rules;
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
        _rules = new TRule[groups.Count];
        int[] group = [.. groups.SelectMany((g, i) => Enumerable.Repeat(i, g.Parameters.Count))];
        _targets = [.. parameters.Select((p, i) => new UpdateTarget(p.Value, group[i], State(0, i), State(1, i), State(2, i)))];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, double gradientScale, double? momentum = null)
    {
        _updates++;
        for (int i = 0; i < _rules.Length; i++)
            _rules[i] = _rule(new UpdateStep(_updates, learningRate * _groups[i].LearningRateFactor, _groups[i].WeightDecay ?? _weightDecay, momentum));
        MultiTensor.Update<TRule>(_targets, _rules, gradientScale);
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Integer("updates", _updates);
        foreach (var s in _states) s?.Save(state);
    }

    /// <inheritdoc/>
    public void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _updates = state.Integer("updates");
        foreach (var s in _states) s?.Load(state);
    }

    private Tensor State(int number, int parameter) => number < _states.Length && _states[number] is { } state ? state[parameter] : default;
}
