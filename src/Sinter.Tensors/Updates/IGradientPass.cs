namespace Sinter.Tensors.Updates;

/// <summary>What a pass does to a part of one gradient.</summary>
internal unsafe interface IGradientPass
{
    /// <summary>Whether it reads the weight; else it gets null.</summary>
    static abstract bool ReadsWeight { get; }

    /// <summary>Whether it changes the gradient.</summary>
    static abstract bool WritesGradient { get; }

    /// <summary>Works on <paramref name="count"/> elements.</summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="count">Elements of both.</param>
    /// <param name="tensor">Which of the weights it is.</param>
    /// <returns>The part's term of the weight's sum.</returns>
    double Run(float* gradient, float* weight, long count, int tensor);
}
