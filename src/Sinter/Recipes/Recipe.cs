using Sinter.Data;
using Sinter.Models;
using Sinter.Training;

namespace Sinter.Recipes;

/// <summary>Everything a run is made of.</summary>
public sealed class Recipe
{
    /// <summary>The run's name; the recipe's file name by default.</summary>
    public string Name { get; set; } = "run";

    /// <summary>The text and its tokens.</summary>
    public DataOptions Data { get; set; } = new();

    /// <summary>The model's shape.</summary>
    public ModelOptions Model { get; set; } = new();

    /// <summary>The training.</summary>
    public TrainingOptions Training { get; set; } = new();

    /// <summary>The text sampled before and after.</summary>
    public SampleOptions Sample { get; set; } = new();
}
