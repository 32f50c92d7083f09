// The one vector width that kernels are written in: 16 floats. Where the processor is narrower, the JIT makes each of two or four halves.
global using Vec = System.Runtime.Intrinsics.Vector512<float>;

// Kernels write their stack memory before they read it.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
