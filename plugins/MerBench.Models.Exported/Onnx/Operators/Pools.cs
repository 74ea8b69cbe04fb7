using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Maxima and means of neighbours. One dimension is computed as two.</summary>
internal static class Pools
{
    public static OperatorFamily Family { get; } =
        new()
        {
            {
                "MaxPool",
                Max,
                node => node.Outputs.Count > 1 && node.Outputs[1].Length > 0 ? "its second output, positions, is asked for" : null
            },
            { "AveragePool", Average },
            { "GlobalAveragePool", c => c[0].mean(Space(c[0]), keepdim: true) },
            { "GlobalMaxPool", c => c[0].amax(Space(c[0]), keepdim: true) },
        };

    private static long[] Space(Tensor x) => [.. Enumerable.Range(2, (int)x.dim() - 2).Select(d => (long)d)];

    private static Tensor Max(OnnxCall call)
    {
        Tensor x = call[0];
        var window = Window.Find(call, [.. call.Ints("kernel_shape")!], x);
        Tensor padded = window.Pad(x, double.NegativeInfinity);
        if (call.Is("ceil_mode"))
            padded = window.RoundUp(padded, double.NegativeInfinity);
        return Spatially(
            padded,
            window,
            (t, kernel, strides, dilations) =>
                kernel.Length == 2
                    ? F.max_pool2d(t, kernel, strides, [0, 0], dilations)
                    : F.max_pool3d(t, kernel, strides, [0, 0, 0], dilations)
        );
    }

    private static Tensor Average(OnnxCall call)
    {
        Tensor x = call[0];
        var window = Window.Find(call, [.. call.Ints("kernel_shape")!], x);
        // Sums over sums of ones: what padding and rounding up add at the edges counts as the standard says.
        Tensor ones = ones_like(x);
        Tensor counted = call.Is("count_include_pad") ? window.Pad(ones, 1) : window.Pad(ones, 0);
        return Means(window.Pad(x, 0)).div(Means(counted));

        Tensor Means(Tensor padded) => Windows(call.Is("ceil_mode") ? window.RoundUp(padded, 0) : padded, window);
    }

    private static Tensor Windows(Tensor padded, Window window)
    {
        bool isDilated = window.Dilations.Any(d => d != 1);
        return isDilated
            ? Dilated(padded, window)
            : Spatially(
                padded,
                window,
                (t, kernel, strides, _) => kernel.Length == 2 ? F.avg_pool2d(t, kernel, strides) : F.avg_pool3d(t, kernel, strides)
            );
    }

    // As a convolution of each channel on its own.
    private static Tensor Dilated(Tensor padded, Window window)
    {
        long channels = padded.shape[1];
        Tensor one = full([channels, 1, .. window.Kernel], 1.0 / window.Kernel.Aggregate((a, b) => a * b), padded.dtype, padded.device);
        return Spatially(
            padded,
            window,
            (t, _, strides, dilations) =>
                t.dim() == 4
                    ? F.conv2d(t, one.reshape([channels, 1, .. Flat(window.Kernel)]), null, strides, [0, 0], dilations, channels)
                    : F.conv3d(t, one, null, strides, [0, 0, 0], dilations, channels)
        );
    }

    private static long[] Flat(long[] sizes) => sizes.Length == 1 ? [1, sizes[0]] : sizes;

    private static Tensor Spatially(Tensor x, Window window, Func<Tensor, long[], long[], long[], Tensor> pool)
    {
        if (window.Kernel.Length > 1)
            return pool(x, window.Kernel, window.Strides, window.Dilations);
        return pool(x.unsqueeze(2), Flat(window.Kernel), Flat(window.Strides), Flat(window.Dilations)).squeeze(2);
    }
}
