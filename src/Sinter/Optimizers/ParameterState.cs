using Sinter.Checkpoints;
using Sinter.Checkpoints.State;
using Sinter.Layers;
using Sinter.Tensors;

namespace Sinter.Optimizers;

/// <summary>One thing that an optimizer remembers of each parameter, in tensors of the parameter's type.</summary>
public sealed class ParameterState
{
    private readonly string _name;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Tensor[] _tensors;

    /// <summary>Makes the tensors.</summary>
    /// <param name="name">Its name in checkpoints.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="initial">What every element begins with.</param>
    /// <param name="shape">The tensor's shape; null is the parameter's.</param>
    public unsafe ParameterState(string name, IReadOnlyList<Parameter> parameters, double initial = 0, Func<Parameter, Shape>? shape = null)
    {
        (_name, _parameters) = (name, parameters);
        _tensors = [.. parameters.Select(p => p.Value.Device.Parameter(shape?.Invoke(p) ?? p.Value.Shape, requiresGrad: false, p.Value.DType))];
        if (initial == 0) return;
        foreach (var tensor in _tensors)
        {
            if (tensor.DType == DType.Float32) tensor.Span.Fill((float)initial);
            else new Span<double>(tensor.Pointer, checked((int)tensor.Count)).Fill(initial);
        }
    }

    /// <summary>What is remembered of parameter number <paramref name="index"/>.</summary>
    public Tensor this[int index] => _tensors[index];

    /// <summary>What is remembered of all parameters, in their order.</summary>
    public ReadOnlySpan<Tensor> Tensors => _tensors;

    /// <summary>Gives the tensors to a checkpoint.</summary>
    public unsafe void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (i, t) in _tensors.Index()) state.Tensor(NameOf(i), t.DType, ModelFolder.Extents(t.Shape), t.Pointer);
    }

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <exception cref="CheckpointException">Something is missing or of another kind or shape.</exception>
    public unsafe void Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (i, t) in _tensors.Index()) state.Tensor(NameOf(i), t.DType, ModelFolder.Extents(t.Shape), t.Pointer);
    }

    private string NameOf(int index) => $"{_name}.{_parameters[index].Name}";
}
