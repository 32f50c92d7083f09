namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>A part of a product that is done at a time: some rows, some columns and a block of k, with how pieces of it are packed and multiplied.</summary>
internal unsafe struct MatrixPass
{
    private const int MostResidualPanels = 8;
    private const int RowPadding = 16;   // steps: rows a power of two apart would share one set of the first-level cache; and room for whole vectors

    public MicroKernel Kernel;
    public MatrixOperand A, B;
    /// <summary>B packed before, or none.</summary>
    public HeldPanels Held;
    public float* C;
    public long Stride;
    public long FirstRow, FirstColumn, FirstK;
    public int Rows, Columns, Depth;
    /// <summary>k of the pass after this one over the same rows and columns, or 0.</summary>
    public int NextDepth;
    public bool Accumulate;
    /// <summary>Empty in all passes but the last over k.</summary>
    public MatrixEpilogue Epilogue;

    /// <summary>Steps of k.</summary>
    public readonly int Steps => Kernel.StepsOf(Depth);

    /// <summary>Tiles of C.</summary>
    public readonly int Tiles => (Rows + Kernel.Rows - 1) / Kernel.Rows * ((Columns + Kernel.Columns - 1) / Kernel.Columns);

    /// <summary>Bytes of a packed panel of B.</summary>
    public readonly long PanelBytes => (long)Steps * Kernel.Columns * 4;

    /// <summary>
    /// Whether A can be read where it lies: rows of the kernel's own type with k contiguous and whole steps, and not so far apart that a tile's rows share too few
    /// sets of the first-level cache (4,096 bytes of 64-byte lines repeat).
    /// </summary>
    public readonly bool IsDirect => Kernel.IsBFloat16 == A.IsBFloat16 && !A.Transposed && Depth % Kernel.StepLength == 0 && A.StrideBytes % 2048 != 0;

    /// <summary>Some of the rows alone, in strips that are as good as equally high.</summary>
    public readonly MatrixPass WithRows(int row, int rows)
    {
        int strips = (rows + Kernel.Rows - 1) / Kernel.Rows;
        return this with { FirstRow = FirstRow + row, Rows = rows, Kernel = Kernel.UpTo((rows + strips - 1) / strips) };
    }

    /// <summary>Bytes of <paramref name="rows"/> packed rows of A, and room for a vector beyond.</summary>
    public static long RowBytes(MicroKernel kernel, int rows, int steps) => MatrixPlan.RoundUp(rows, kernel.Rows) * (steps + RowPadding) * 4;

    /// <summary>Bytes of <paramref name="columns"/> packed columns of B.</summary>
    public static long ColumnBytes(MicroKernel kernel, int columns, int steps) => MatrixPlan.RoundUp(columns, kernel.Columns) * steps * 4;

    /// <summary>The panel of B that was packed before, from the pass's column <paramref name="column"/> on; only where there is one.</summary>
    public readonly byte* HeldAt(int column) => Held.At(FirstK, FirstColumn + column, Steps);

    /// <summary>A as it lies, from the pass's row <paramref name="row"/> on.</summary>
    public readonly PackedRows Direct(int row)
    {
        long stride = A.StrideBytes;
        return new PackedRows(A.Address(FirstRow + row, FirstK), Kernel.Rows * stride, stride, 4);
    }

    /// <summary>
    /// Where rows packed to <paramref name="packed"/> lie: strips as high as the tile; in each, rows of steps where k is contiguous in memory and steps of rows
    /// where it is not. So nothing is transposed either way: the micro-kernel takes both strides.
    /// </summary>
    public readonly PackedRows PackedAt(byte* packed)
    {
        long rowBytes = (Steps + RowPadding) * 4L;
        return A.Transposed ? new PackedRows(packed, Kernel.Rows * rowBytes, 4, Kernel.Rows * 4) : new PackedRows(packed, Kernel.Rows * rowBytes, rowBytes, 4);
    }

    /// <summary>Packs rows [row, row + rows) of the pass, <paramref name="row"/> being a multiple of the tile's height, to where they belong.</summary>
    /// <param name="areClose">Whether they are few, and in a cache already: of a transposed A, all strips are then packed at once.</param>
    public readonly void PackRows(in PackedRows target, int row, int rows, bool areClose = false)
    {
        if (!A.Transposed)
        {
            for (int r = row; r < row + rows; r++) PackRow(FirstRow + r, FirstK, Depth, (uint*)(target.First + r * target.RowStride));
            return;
        }
        int whole = areClose && rows >= 2 * Kernel.Rows ? rows / Kernel.Rows : 0;
        if (whole > 0)
        {
            byte* first = A.Address(FirstRow + row, FirstK);
            uint* steps = (uint*)(target.First + row / Kernel.Rows * target.StripStride);
            if (A.IsBFloat16) PairPacking.Strips((ushort*)first, A.Stride, Depth, whole, Kernel.Rows, steps, target.StripStride);
            else Packing.Strips((float*)first, A.Stride, Depth, whole, Kernel.Rows, steps, target.StripStride, Kernel.IsBFloat16);
        }
        for (int r = row + whole * Kernel.Rows; r < row + rows; r += Kernel.Rows)
        {
            int width = Math.Min(Kernel.Rows, row + rows - r);
            byte* source = A.Address(FirstRow + r, FirstK);
            uint* steps = (uint*)(target.First + r / Kernel.Rows * target.StripStride);
            if (A.IsBFloat16) PairPacking.Strip((ushort*)source, A.Stride, Depth, width, Kernel.Rows, steps);
            else Packing.Strip((float*)source, A.Stride, Depth, width, Kernel.Rows, steps, Kernel.IsBFloat16);
        }
    }

    /// <summary>Packs a part of a row of A, counted from A's beginning, whose k are contiguous in memory.</summary>
    public readonly void PackRow(long row, long k, int depth, uint* steps)
    {
        byte* source = A.Address(row, k);
        if (A.IsBFloat16) PairPacking.Row((ushort*)source, depth, steps);
        else Packing.Row((float*)source, depth, steps, Kernel.IsBFloat16);
    }

    /// <summary>Packs columns [column, column + columns) of the pass into panels as wide as the tile: panel after panel, in each the steps, in each the columns.</summary>
    public readonly void PackColumns(byte* target, int column, int columns) => PackPanels(target, column, columns, 0, Steps);

    /// <summary>Packs steps [first, end) of all columns of the pass into their places in its panels.</summary>
    public readonly void PackSteps(byte* panels, int first, int end) => PackPanels(panels, 0, Columns, first, end);

    private readonly void PackPanels(byte* target, int column, int columns, int firstStep, int endStep)
    {
        int k = firstStep * Kernel.StepLength, depth = Math.Min(Depth, endStep * Kernel.StepLength) - k;
        target += (long)firstStep * Kernel.Columns * 4;
        for (int c = 0; c < columns; c += Kernel.Columns, target += PanelBytes)
        {
            int width = Math.Min(Kernel.Columns, columns - c);
            byte* source = B.Address(FirstK + k, FirstColumn + column + c);
            if (B.IsBFloat16 && B.Transposed) PairPacking.Turned((ushort*)source, B.Stride, depth, width, Kernel.Columns, (uint*)target);
            else if (B.IsBFloat16) PairPacking.Panel((ushort*)source, B.Stride, depth, width, Kernel.Columns, (uint*)target);
            else if (B.Transposed) Packing.Turned((float*)source, B.Stride, depth, width, Kernel.Columns, (uint*)target, Kernel.IsBFloat16);
            else Packing.Panel((float*)source, B.Stride, depth, width, Kernel.Columns, (uint*)target, Kernel.IsBFloat16);
        }
    }

    /// <summary>The tiles of C of a strip of A with panels of B, whose epilogues follow each.</summary>
    /// <param name="a">The strip.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="row">The tiles' first row in the pass.</param>
    /// <param name="column">The first tile's first column in the pass.</param>
    /// <param name="end">One past the last tile's last column.</param>
    /// <param name="edge">Room for two whole tiles.</param>
    /// <param name="x">Strides and steps; the addresses are set here.</param>
    /// <param name="prefetch">What to fetch meanwhile.</param>
    public readonly void Strip(byte* a, byte* panel, int row, int column, int end, float* edge, ref KernelArguments x, ref Prefetch prefetch)
    {
        int whole = (end - column) / Kernel.Columns;
        if (whole > 1 && prefetch.IsNone && LoopsOverPanels(Math.Min(Kernel.Rows, Rows - row), whole))
        {
            x.Fetch = null;
            Tile(a, panel, row, column, edge, ref x, whole);
            column += whole * Kernel.Columns;
            panel += whole * PanelBytes;
        }
        for (; column < end; column += Kernel.Columns, panel += PanelBytes)
        {
            prefetch.Next(ref x);
            Tile(a, panel, row, column, edge, ref x);
        }
    }

    // What is left of the epilogue is done tile by tile; and many lines of a residual are better not fetched at once.
    private readonly bool LoopsOverPanels(int rows, int panels)
    {
        if (!Kernel.LoopsOverPanels) return false;
        if (EndedKernels.Code(Epilogue.Ended, rows) is not null) return true;
        return Epilogue.Rounded == null && Epilogue.Left(Kernel.AddsToTiles).IsEmpty && (Epilogue.Residual == null || panels <= MostResidualPanels);
    }

    /// <summary>A tile of C: a strip of A with a panel of B, then the epilogue; or several side by side, see <see cref="Strip"/>.</summary>
    /// <param name="a">The strip.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="row">The tile's first row in the pass.</param>
    /// <param name="column">The tile's first column in the pass.</param>
    /// <param name="edge">Room for two whole tiles.</param>
    /// <param name="x">Strides and steps; the addresses are set here.</param>
    /// <param name="panels">How many tiles.</param>
    public readonly void Tile(byte* a, byte* panel, int row, int column, float* edge, ref KernelArguments x, int panels = 1)
    {
        int rows = Math.Min(Kernel.Rows, Rows - row), columns = Math.Min(Kernel.Columns, Columns - column);
        long offset = (FirstRow + row) * Stride + FirstColumn + column;
        x.A = a;
        x.B = panel;
        x.Panels = panels;
        if (columns == Kernel.Columns && EndedKernels.Code(Epilogue.Ended, rows) is not null and var ended)
        {
            End(offset, FirstColumn + column, ref x);
            fixed (KernelArguments* arguments = &x) ended(arguments);
            return;
        }
        bool isNarrow = columns <= Kernel.NarrowColumns, isWhole = columns == (isNarrow ? Kernel.NarrowColumns : Kernel.Columns);
        bool inPlace = isWhole && Epilogue.Rounded == null, adds = isWhole && Kernel.AddsToTiles;
        x.C = inPlace ? C + offset : edge;
        x.CStride = (inPlace ? Stride : Kernel.Columns) * sizeof(float);
        if (!inPlace && Accumulate) CopyTile(C + offset, Stride, edge, Kernel.Columns, rows, columns);
        if (!Epilogue.IsEmpty) Epilogue.Prefetch(Stride, offset, rows, panels * columns);
        x.Bias = adds && Epilogue.Bias != null ? Epilogue.Bias + FirstColumn + column : null;
        x.Residual = adds && Epilogue.Residual != null ? Epilogue.Residual + offset : null;
        x.ResidualStride = Stride * sizeof(float);
        fixed (KernelArguments* arguments = &x) Kernel.Invoke(arguments, rows, isNarrow);
        if (Epilogue.Rounded != null)
        {
            Epilogue.Left(adds).ApplyRounded(edge, edge + Kernel.Rows * Kernel.Columns, Kernel.Columns, Stride, offset, FirstColumn + column, rows, columns);
            return;
        }
        if (!inPlace) CopyTile(edge, Kernel.Columns, C + offset, Stride, rows, columns);
        var left = Epilogue.Left(adds);
        if (!left.IsEmpty) left.Apply(C, Stride, offset, FirstColumn + column, rows, columns);
    }

    private readonly void End(long offset, long column, ref KernelArguments x)
    {
        x.Bias = Epilogue.Bias == null ? null : Epilogue.Bias + column;
        x.Residual = null;
        x.C = C + offset;
        x.CStride = Stride * sizeof(float);
        x.Rounded = Epilogue.Rounded + offset;
        x.RoundedStride = Stride * sizeof(ushort);
        x.Before = (ushort*)Epilogue.Before + offset;
        x.After = (ushort*)Epilogue.After + offset;
        x.Constants = EndingAssembler.Constants;
    }

    /// <summary>The arguments that all tiles share.</summary>
    public readonly KernelArguments Arguments(in PackedRows a) => new()
    {
        Steps = Steps,
        RowStride = a.RowStride,
        StepStride = a.StepStride,
        BStride = Kernel.Columns * 4,
        Accumulate = Accumulate ? 1 : 0,
    };

    private static void CopyTile(float* from, long fromStride, float* to, long toStride, int rows, int columns)
    {
        for (int y = 0; y < rows; y++) new ReadOnlySpan<float>(from + y * fromStride, columns).CopyTo(new Span<float>(to + y * toStride, columns));
    }
}
