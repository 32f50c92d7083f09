using Sinter.Checkpoints;
using Sinter.Data;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tasks;
using Sinter.Training;

namespace Sinter.Recipes;

/// <summary>Everything a run is made of. <see cref="RecipeReader"/> reads it from YAML, <see cref="RecipeWriter"/> writes it.</summary>
public sealed class Recipe
{
    /// <summary>The version of the keys and their meaning, written into every recipe.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The run's name, a part of its folder's; the recipe's file name by default.</summary>
    public string Name { get; set; } = "run";

    /// <summary>What the model learns to do.</summary>
    public TaskOptions Task { get; set; } = new LanguageModelTaskOptions();

    /// <summary>The text and its tokens.</summary>
    public DataOptions Data { get; set; } = new();

    /// <summary>The model's shape.</summary>
    public ModelOptions Model { get; set; } = new();

    /// <summary>What is trained in place of a pretrained model; null trains the model itself.</summary>
    public AdapterOptions? Adapter { get; set; }

    /// <summary>The training.</summary>
    public TrainingOptions Training { get; set; } = new();

    /// <summary>The text sampled before and after.</summary>
    public SampleOptions Sample { get; set; } = new();

    /// <summary>What <c>auto</c> and 0 became on the machine that ran the recipe; null until a run writes it. It decides nothing.</summary>
    public ResolvedOptions? Resolved { get; set; }

    /// <summary>Opens what <see cref="Model"/> names. Where the recipe leaves the context length to a pretrained model, it is known from here on.</summary>
    /// <exception cref="CheckpointException">There is no model in the folder, or it is damaged or not supported.</exception>
    /// <exception cref="RecipeException">The recipe does not fit the pretrained model.</exception>
    public ModelSource OpenModel()
    {
        var source = ModelSource.Of(Model, Adapter);
        Model.ContextLength = source.ContextLength;
        return source;
    }

    /// <summary>Checks every value and their combinations, as reading a recipe does.</summary>
    /// <exception cref="RecipeException">Something is wrong; the message lists all of it.</exception>
    public void Validate()
    {
        var errors = RecipeSchema.Keys.Check(this);
        if (errors.Count > 0) throw new RecipeException(errors);
    }
}
