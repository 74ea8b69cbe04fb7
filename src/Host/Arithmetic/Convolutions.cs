using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>A convolution by libtorch, or by what a test puts in its place.</summary>
/// <param name="input"><c>[B, C, L]</c> or <c>[B, C, H, W]</c>.</param>
/// <param name="weight"><c>[K, C, kernel...]</c>.</param>
internal delegate Tensor Convolve(Tensor input, Tensor weight, long stride, IReadOnlyList<long> padding);

/// <summary>
/// Convolutions of the shapes that MER models use: channels that fill blocks of 8 and 16 and that do not, all common kernels, strides and
/// layouts, single clips and batches, one thread and all.
/// </summary>
internal static class Convolutions
{
    private const long Height = 9,
        Width = 11,
        Length = 40,
        Block = 16;

    private static readonly long[] Channels = [1, 2, 3, 4, 5, 7, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64];

    private static readonly (long From, long To)[] Unequal =
    [
        (1, 2),
        (1, 4),
        (1, 8),
        (1, 16),
        (1, 64),
        (2, 16),
        (3, 10),
        (8, 64),
        (16, 12),
        (16, 20),
        (16, 24),
        (16, 64),
        (32, 8),
        (64, 8),
        (64, 16),
        (64, 32),
    ];

    private static readonly long[] Kernels = [1, 5, 7, 3];

    /// <summary>By libtorch.</summary>
    public static Tensor ByTorch(Tensor input, Tensor weight, long stride, IReadOnlyList<long> padding) =>
        weight.dim() == 3
            ? nn.functional.conv1d(input, weight, stride: stride, padding: padding[0])
            : nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [.. padding]);

    public static IEnumerable<Operation> List(Convolve convolve)
    {
        (long From, long To)[] pairs = [.. Channels.Select(c => (c, c)), .. Unequal];
        for (int i = 0; i < pairs.Length; i++)
        {
            (long from, long to) = pairs[i];
            // Each pair by the common kernel, batches by all threads and single clips by one; the other kernels, strides and layouts take
            // turns.
            yield return Plane(convolve, from, to, new Shape([3, 3]));
            yield return Plane(convolve, from, to, new Shape([3, 3], Batch: 1, IsChannelsLast: i % 2 == 0, OnOneThread: true));
            long kernel = Kernels[i % 3];
            yield return Plane(convolve, from, to, new Shape([kernel, kernel], 1 + (i % 2), i % 4 < 2 ? 1 : 8, i % 3 == 1, i % 2 == 1));
            long other = Kernels[(i + 1) % Kernels.Length];
            yield return Plane(convolve, from, to, new Shape([other, other], 2, 8, i % 2 == 1, i % 4 == 2));
            yield return Line(
                convolve,
                from,
                to,
                new Shape([Kernels[i % Kernels.Length]], 1 + (i / 4 % 2), i % 3 == 1 ? 1 : 8, false, i % 4 == 0)
            );
        }

        yield return Plane(convolve, 3, 10, new Shape([7, 1], Batch: 1, OnOneThread: true));
        // The first layer of a network on spectrograms.
        foreach (long channels in new long[] { 2, 8, 16, 64 })
            yield return Plane(convolve, 1, channels, new Shape([5, 5], Stride: 2, Batch: 4));
        foreach (long channels in new long[] { 8, 12, 16 })
            yield return Transposed(channels, channels + 4, 3);
    }

    private static Operation Plane(Convolve convolve, long from, long to, Shape shape)
    {
        long[] kernel = shape.Kernel;
        return new Operation(
            Text($"convolution {from} to {to}, {kernel[0]}x{kernel[1]}{shape}"),
            new Summands(from * kernel[0] * kernel[1], to * kernel[0] * kernel[1], shape.Batch * Height * Width),
            draw =>
            {
                Tensor input = draw.Normal(1, shape.Batch, from, Height, Width);
                Tensor weight = draw.Normal(1, to, from, kernel[0], kernel[1]);
                long[] padding = [kernel[0] / 2, kernel[1] / 2];
                return new Computation([input, weight], () => convolve(Lay(input, shape.IsChannelsLast), weight, shape.Stride, padding));
            }
        )
        {
            FillsBlocks = IsFilled(from, to),
            OnOneThread = shape.OnOneThread,
        };
    }

    private static Operation Line(Convolve convolve, long from, long to, Shape shape)
    {
        long kernel = shape.Kernel[0];
        return new Operation(
            Text($"convolution {from} to {to}, 1d of {kernel}{shape}"),
            new Summands(from * kernel, to * kernel, shape.Batch * Length),
            draw =>
            {
                Tensor input = draw.Normal(1, shape.Batch, from, Length);
                Tensor weight = draw.Normal(1, to, from, kernel);
                return new Computation([input, weight], () => convolve(input, weight, shape.Stride, [kernel / 2]));
            }
        )
        {
            FillsBlocks = IsFilled(from, to),
            OnOneThread = shape.OnOneThread,
        };
    }

    private static Operation Transposed(long from, long to, long kernel) =>
        new(
            Text($"transposed convolution {from} to {to}, {kernel}x{kernel}, stride 2"),
            new Summands(from * kernel * kernel, to * kernel * kernel, 2 * Height * Width),
            draw =>
            {
                Tensor input = draw.Normal(1, 2, from, Height, Width);
                Tensor weight = draw.Normal(1, from, to, kernel, kernel);
                return new Computation(
                    [input, weight],
                    () => nn.functional.conv_transpose2d(input, weight, strides: [2, 2], padding: [1, 1])
                );
            }
        )
        {
            FillsBlocks = IsFilled(from, to),
        };

    private static Tensor Lay(Tensor map, bool isChannelsLast) =>
        isChannelsLast ? map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : map;

    private static bool IsFilled(long from, long to) => (from == 1 || from % Block == 0) && to % Block == 0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>How a convolution is computed, besides its channels.</summary>
    private sealed record Shape(
        long[] Kernel,
        long Stride = 1,
        long Batch = Shape.Usual,
        bool IsChannelsLast = false,
        bool OnOneThread = false
    )
    {
        private const long Usual = 8;

        public override string ToString() =>
            string.Concat(
                Stride > 1 ? Text($", stride {Stride}") : "",
                IsChannelsLast ? ", channels last" : "",
                Batch switch
                {
                    Usual => "",
                    1 => ", one clip",
                    _ => Text($", {Batch} clips"),
                },
                OnOneThread ? ", one thread" : ""
            );
    }
}
