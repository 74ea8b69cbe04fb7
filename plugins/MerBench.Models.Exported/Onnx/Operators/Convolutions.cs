using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Convolutions in one, two and three dimensions.</summary>
internal static class Convolutions
{
    public static OperatorFamily Family { get; } = new() { { "Conv", Convolve }, { "ConvTranspose", Transposed, SameLimit } };

    private static Tensor Convolve(OnnxCall call)
    {
        (Tensor x, Tensor weight, Tensor? bias) = (call[0], call[1], call.Optional(2));
        var window = Window.Find(call, weight.shape[2..], x);
        long groups = call.Int("group", 1);
        long[] padding = window.Before;
        if (!window.IsSymmetric)
            (x, padding) = (window.Pad(x, 0), new long[padding.Length]);
        return padding.Length switch
        {
            1 => F.conv1d(x, weight, bias, window.Strides[0], padding[0], window.Dilations[0], groups),
            2 => F.conv2d(x, weight, bias, window.Strides, padding, window.Dilations, groups),
            _ => F.conv3d(x, weight, bias, window.Strides, padding, window.Dilations, groups),
        };
    }

    private static string? SameLimit(File.OnnxNode node)
    {
        bool isShaped = node.Attributes.ContainsKey("output_shape");
        bool isSame = node.Attributes.TryGetValue("auto_pad", out var pad) && pad.Text.StartsWith("SAME", StringComparison.Ordinal);
        return isShaped || isSame ? "its size is given by the shape of its output" : null;
    }

    private static Tensor Transposed(OnnxCall call)
    {
        (Tensor x, Tensor weight, Tensor? bias) = (call[0], call[1], call.Optional(2));
        var window = Window.Find(call, weight.shape[2..], x);
        long[] more = call.Ints("output_padding") is { Count: > 0 } given ? [.. given] : new long[window.Kernel.Length];
        long groups = call.Int("group", 1);
        long[] none = new long[window.Kernel.Length];
        Tensor whole = window.Kernel.Length switch
        {
            1 => F.conv_transpose1d(x, weight, bias, window.Strides[0], 0, more[0], window.Dilations[0], groups),
            2 => F.conv_transpose2d(x, weight, bias, window.Strides, none, more, window.Dilations, groups),
            _ => F.conv_transpose3d(x, weight, bias, window.Strides, none, more, window.Dilations, groups),
        };
        for (int d = 0; d < window.Kernel.Length; d++)
        {
            long size = whole.shape[d + 2];
            whole = whole.narrow(d + 2, window.Before[d], size - window.Before[d] - window.Behind[d]);
        }

        return whole;
    }
}
