using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// Products of tiles in float32 by vectors of 512 bits, for processors that compute with whole ones: the library that libtorch multiplies
/// with uses half of them on AMD's, and its threads take turns with those of the transforms. Sums run over the channels in order, so that a
/// product depends on its own tile and filter alone.
/// </summary>
internal sealed unsafe class WideProducts : ITileProducts
{
    /// <summary>Filters that are multiplied at once: four vectors, which with six tiles fill the registers.</summary>
    public const int Columns = 64;

    private const int Rows = 6,
        Lanes = 16;

    private readonly Tensor _filters;

    /// <param name="filters"><c>[36, C, K]</c>, K a multiple of <see cref="Columns"/>.</param>
    public WideProducts(Tensor filters)
    {
        (Inputs, Outputs) = ((int)filters.shape[1], (int)filters.shape[2]);
        _filters = filters.reshape(-1, Inputs, Outputs / Columns, Columns).permute(0, 2, 1, 3).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Whether this processor and these filters, <c>[36, C, K]</c>, are fit for it.</summary>
    public static bool Fits(Tensor filters) =>
        Vector512.IsHardwareAccelerated && filters.dtype == ScalarType.Float32 && filters.shape[2] % Columns == 0;

    public ScalarType Format => ScalarType.Float32;

    public int Inputs { get; }

    public int Outputs { get; }

    public Tensor Multiply(Tensor tiles, int threads)
    {
        int count = (int)tiles.shape[1];
        Tensor products = empty(tiles.shape[0], count, Outputs);
        float* from = tiles.Floats(),
            filters = _filters.Floats(),
            to = products.Floats();
        Parallel.For(
            0,
            (int)tiles.shape[0],
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            place =>
            {
                float* some = from + ((long)place * count * Inputs),
                    theirs = to + ((long)place * count * Outputs);
                for (int column = 0; column < Outputs; column += Columns)
                {
                    float* panel = filters + (((long)place * Outputs) + column) * Inputs;
                    for (int row = 0; row < count; row += Rows)
                        MultiplyBlock(some, panel, theirs + column, row, count - 1);
                }
            }
        );
        return products;
    }

    public void Dispose() => _filters.Dispose();

    // Six tiles by 64 filters. Beyond the last tile, that one is multiplied again.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyBlock(float* tiles, float* panel, float* products, int row, int last)
    {
        int depth = Inputs;
        float* a = tiles + ((long)row * depth),
            b = tiles + ((long)Math.Min(row + 1, last) * depth),
            c = tiles + ((long)Math.Min(row + 2, last) * depth),
            d = tiles + ((long)Math.Min(row + 3, last) * depth),
            e = tiles + ((long)Math.Min(row + 4, last) * depth),
            f = tiles + ((long)Math.Min(row + 5, last) * depth);
        Sums sumsA = default,
            sumsB = default,
            sumsC = default,
            sumsD = default,
            sumsE = default,
            sumsF = default;
        for (int i = 0; i < depth; i++, panel += Columns)
        {
            Vector512<float> first = Vector512.Load(panel),
                second = Vector512.Load(panel + Lanes),
                third = Vector512.Load(panel + (2 * Lanes)),
                fourth = Vector512.Load(panel + (3 * Lanes));
            sumsA.Add(a[i], first, second, third, fourth);
            sumsB.Add(b[i], first, second, third, fourth);
            sumsC.Add(c[i], first, second, third, fourth);
            sumsD.Add(d[i], first, second, third, fourth);
            sumsE.Add(e[i], first, second, third, fourth);
            sumsF.Add(f[i], first, second, third, fourth);
        }

        sumsA.Store(products + ((long)row * Outputs));
        sumsB.Store(products + ((long)Math.Min(row + 1, last) * Outputs));
        sumsC.Store(products + ((long)Math.Min(row + 2, last) * Outputs));
        sumsD.Store(products + ((long)Math.Min(row + 3, last) * Outputs));
        sumsE.Store(products + ((long)Math.Min(row + 4, last) * Outputs));
        sumsF.Store(products + ((long)Math.Min(row + 5, last) * Outputs));
    }

    // Of one tile with 64 filters, in registers.
    private struct Sums
    {
        private Vector512<float> _first,
            _second,
            _third,
            _fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float value, Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
        {
            var values = Vector512.Create(value);
            _first = Vector512.FusedMultiplyAdd(values, first, _first);
            _second = Vector512.FusedMultiplyAdd(values, second, _second);
            _third = Vector512.FusedMultiplyAdd(values, third, _third);
            _fourth = Vector512.FusedMultiplyAdd(values, fourth, _fourth);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* to)
        {
            Vector512.Store(_first, to);
            Vector512.Store(_second, to + Lanes);
            Vector512.Store(_third, to + (2 * Lanes));
            Vector512.Store(_fourth, to + (3 * Lanes));
        }
    }
}
