using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static MerBench.Models.Vgg.WinogradTransforms;

namespace MerBench.Models.Vgg;

/// <summary>
/// The two linear maps of Winograd's convolution F(4x4, 3x3) around its products of matrices: <c>B' d B</c> of overlapping 6 x 6 tiles of a
/// map, and <c>A' m A</c> to the 4 x 4 results that tile the
/// next map (Lavin and Gray, CVPR 2016, section 4.3, whose matrices these are). Maps are <c>[B, H, W, C]</c>, tiles <c>[36, T, C]</c>, with
/// C a multiple of <see cref="Lanes"/>. Zeros beyond the
/// map's edge, bias and ReLU are dealt with on the way, so that each map is read and written once.
/// </summary>
internal static unsafe class WinogradTiles
{
    /// <summary>Values that are transformed at once.</summary>
    public const int Lanes = 8;

    /// <summary>Places of a tile, each a product of matrices.</summary>
    public const int Places = Side * Side;

    private const int Side = 6,
        Step = 4;

    /// <summary>Tiles along a side of a map.</summary>
    public static int Along(int length) => (length + Step - 1) / Step;

    /// <summary>Cuts a map with an edge of zeros into tiles and transforms them.</summary>
    /// <param name="map">What the convolution reads.</param>
    /// <param name="rectified">A map of the same shape; where it is not above zero the map counts as zero: a gradient through ReLU. Null
    /// for none.</param>
    /// <param name="tiles">What is written, in <typeparamref name="TFormat"/>.</param>
    /// <param name="some">Which rows of tiles, of those of all clips.</param>
    public static void Cut<TFormat>(float* map, float* rectified, byte* tiles, MapShape shape, Range some, int threads)
        where TFormat : struct, ITileFormat
    {
        (int rows, int columns) = (Along(shape.Height), Along(shape.Width));
        int first = some.Start.Value;
        long line = (long)shape.Channels * TFormat.Size,
            plane = (long)(some.End.Value - first) * columns * line;
        float[] zeros = new float[shape.Channels];
        Each(
            some,
            threads,
            row =>
            {
                fixed (float* nothing = zeros)
                {
                    float** cells = stackalloc float*[Places];
                    float* buffer = stackalloc float[Places * Lanes];
                    for (int column = 0; column < columns; column++)
                    {
                        // Cells beyond the edge point to zeros.
                        for (int i = 0; i < Places; i++)
                        {
                            int y = (row % rows * Step) - 1 + (i / Side),
                                x = (column * Step) - 1 + (i % Side);
                            bool isInside = (uint)y < (uint)shape.Height && (uint)x < (uint)shape.Width;
                            cells[i] = isInside
                                ? map + ((((((long)row / rows * shape.Height) + y) * shape.Width) + x) * shape.Channels)
                                : nothing;
                        }

                        CutTile<TFormat>(
                            cells,
                            map,
                            rectified,
                            nothing,
                            buffer,
                            tiles + ((((long)(row - first) * columns) + column) * line),
                            plane,
                            shape.Channels
                        );
                    }
                }
            }
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CutTile<TFormat>(
        float** cells,
        float* map,
        float* rectified,
        float* nothing,
        float* buffer,
        byte* tile,
        long plane,
        int channels
    )
        where TFormat : struct, ITileFormat
    {
        for (int c = 0; c < channels; c += Lanes, tile += Lanes * TFormat.Size)
        {
            for (int x = 0; x < Side; x++)
            {
                float** cell = cells + x;
                var t = rectified is null
                    ? Inward(
                        Vector256.Load(cell[0] + c),
                        Vector256.Load(cell[6] + c),
                        Vector256.Load(cell[12] + c),
                        Vector256.Load(cell[18] + c),
                        Vector256.Load(cell[24] + c),
                        Vector256.Load(cell[30] + c)
                    )
                    : Inward(
                        Passed(cell[0], c),
                        Passed(cell[6], c),
                        Passed(cell[12], c),
                        Passed(cell[18], c),
                        Passed(cell[24], c),
                        Passed(cell[30], c)
                    );
                Store(buffer + (x * Lanes), Side * Lanes, t);
            }

            for (int y = 0; y < Side; y++)
            {
                var t = Inward(buffer + (y * Side * Lanes));
                byte* place = tile + (y * Side * plane);
                TFormat.Write(t.A, place);
                TFormat.Write(t.B, place + plane);
                TFormat.Write(t.C, place + (2 * plane));
                TFormat.Write(t.D, place + (3 * plane));
                TFormat.Write(t.E, place + (4 * plane));
                TFormat.Write(t.F, place + (5 * plane));
            }
        }

        Vector256<float> Passed(float* cell, int c) =>
            cell == nothing
                ? Vector256<float>.Zero
                : Vector256.Load(cell + c) & Vector256.GreaterThan(Vector256.Load(rectified + (cell - map) + c), Vector256<float>.Zero);
    }

    /// <summary>Transforms tiles of products and lays them side by side.</summary>
    /// <param name="tiles">Products, in <typeparamref name="TFormat"/>.</param>
    /// <param name="bias">One value a channel, added before ReLU; null for neither.</param>
    /// <param name="map">What is written.</param>
    /// <param name="some">Which rows of tiles, of those of all clips.</param>
    public static void Join<TFormat>(byte* tiles, float* bias, float* map, MapShape shape, Range some, int threads)
        where TFormat : struct, ITileFormat
    {
        (int rows, int columns) = (Along(shape.Height), Along(shape.Width));
        int first = some.Start.Value;
        long line = (long)shape.Channels * TFormat.Size,
            plane = (long)(some.End.Value - first) * columns * line;
        Each(
            some,
            threads,
            row =>
            {
                float* buffer = stackalloc float[Step * Side * Lanes];
                (int clip, int top) = (row / rows, row % rows * Step);
                for (int column = 0; column < columns; column++)
                {
                    int left = column * Step;
                    float* corner = map + ((((((long)clip * shape.Height) + top) * shape.Width) + left) * shape.Channels);
                    JoinTile<TFormat>(
                        tiles + ((((long)(row - first) * columns) + column) * line),
                        plane,
                        buffer,
                        bias,
                        corner,
                        Math.Min(Step, shape.Height - top),
                        Math.Min(Step, shape.Width - left),
                        shape
                    );
                }
            }
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void JoinTile<TFormat>(
        byte* tile,
        long plane,
        float* buffer,
        float* bias,
        float* corner,
        int height,
        int width,
        MapShape shape
    )
        where TFormat : struct, ITileFormat
    {
        for (int c = 0; c < shape.Channels; c += Lanes, tile += Lanes * TFormat.Size)
        {
            for (int x = 0; x < Side; x++)
            {
                byte* place = tile + (x * plane);
                long down = Side * plane;
                Store(
                    buffer + (x * Lanes),
                    Side * Lanes,
                    Outward(
                        TFormat.Read(place),
                        TFormat.Read(place + down),
                        TFormat.Read(place + (2 * down)),
                        TFormat.Read(place + (3 * down)),
                        TFormat.Read(place + (4 * down)),
                        TFormat.Read(place + (5 * down))
                    )
                );
            }

            for (int y = 0; y < height; y++)
            {
                var t = Outward(buffer + (y * Side * Lanes));
                if (bias is not null)
                {
                    Vector256<float> shift = Vector256.Load(bias + c);
                    t = (
                        Vector256.Max(t.A + shift, default),
                        Vector256.Max(t.B + shift, default),
                        Vector256.Max(t.C + shift, default),
                        Vector256.Max(t.D + shift, default)
                    );
                }

                float* to = corner + ((long)y * shape.Width * shape.Channels) + c;
                Vector256.Store(t.A, to);
                if (width > 1)
                    Vector256.Store(t.B, to + shape.Channels);
                if (width > 2)
                    Vector256.Store(t.C, to + (2 * shape.Channels));
                if (width > 3)
                    Vector256.Store(t.D, to + (3 * shape.Channels));
            }
        }
    }

    private static void Each(Range rows, int threads, Action<int> work)
    {
        if (threads == 1)
        {
            for (int row = rows.Start.Value; row < rows.End.Value; row++)
                work(row);
        }
        else
        {
            Parallel.For(rows.Start.Value, rows.End.Value, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        }
    }
}
