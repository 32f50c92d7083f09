namespace Sinter.Layers.Adapters;

/// <summary>Which layers of a model get an adapter, and what else is trained beside them. A model that is built with a plan has all other parameters frozen.</summary>
public interface IAdapterPlan
{
    /// <summary>The adapter of a layer, whose parameters it adds; null leaves the layer as it is.</summary>
    LinearAdapter? Attach(Linear layer, ParameterSet parameters);

    /// <summary>Whether a parameter of the model itself is trained as a whole.</summary>
    bool Trains(string parameter);

    /// <summary>Refuses what fits nothing in the model: it is most likely misspelt.</summary>
    /// <param name="layers">The paths of the model's linear layers.</param>
    /// <param name="parameters">The names of its parameters.</param>
    /// <exception cref="SinterException">There is such.</exception>
    void Check(IReadOnlyList<string> layers, IReadOnlyList<string> parameters);
}
