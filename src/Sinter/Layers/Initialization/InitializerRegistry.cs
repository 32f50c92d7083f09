using Sinter.Options;

namespace Sinter.Layers.Initialization;

/// <summary>The initializers that recipes choose from.</summary>
public static class InitializerRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<Initializer> All { get; } = new Registry<Initializer>("initializer")
        .Add(ZerosInitializer.Schema)
        .Add(OnesInitializer.Schema)
        .Add(ConstantInitializer.Schema)
        .Add(UniformInitializer.Schema)
        .Add(NormalInitializer.Schema)
        .Add(TruncatedNormalInitializer.Schema)
        .Add(XavierUniformInitializer.Schema)
        .Add(XavierNormalInitializer.Schema)
        .Add(HeUniformInitializer.Schema)
        .Add(HeNormalInitializer.Schema)
        .Add(OrthogonalInitializer.Schema)
        .Add(SparseInitializer.Schema)
        .Add(IdentityInitializer.Schema)
        .Add(Gpt2Initializer.Schema);
}
