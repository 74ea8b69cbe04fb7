using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>How a convolution or a pool goes over its input: sizes, steps and padding for each dimension in space.</summary>
internal sealed class Window
{
    private Window(long[] kernel, long[] strides, long[] dilations, long[] before, long[] behind) =>
        (Kernel, Strides, Dilations, Before, Behind) = (kernel, strides, dilations, before, behind);

    public long[] Kernel { get; }

    public long[] Strides { get; }

    public long[] Dilations { get; }

    /// <summary>Padding at the start of each dimension.</summary>
    public long[] Before { get; }

    /// <summary>Padding at its end.</summary>
    public long[] Behind { get; }

    /// <summary>Whether both ends are padded alike, as torch's own operations do.</summary>
    public bool IsSymmetric => Before.SequenceEqual(Behind);

    /// <param name="kernel">Sizes of the kernel in space.</param>
    /// <param name="input">What it goes over, <c>[B, C, ...]</c>.</param>
    public static Window Find(OnnxCall call, long[] kernel, Tensor input)
    {
        int dimensions = kernel.Length;
        long[] strides = Given("strides", 1),
            dilations = Given("dilations", 1);
        long[] before = new long[dimensions],
            behind = new long[dimensions];
        string automatic = call.Text("auto_pad", "NOTSET");
        for (int d = 0; d < dimensions; d++)
        {
            if (automatic is "SAME_UPPER" or "SAME_LOWER")
            {
                long size = input.shape[d + 2],
                    steps = (size + strides[d] - 1) / strides[d];
                long all = Math.Max(0, ((steps - 1) * strides[d]) + ((kernel[d] - 1) * dilations[d]) + 1 - size);
                before[d] = automatic == "SAME_UPPER" ? all / 2 : all - (all / 2);
                behind[d] = all - before[d];
            }
            else if (automatic != "VALID" && call.Ints("pads") is { Count: > 0 } pads)
                (before[d], behind[d]) = (pads[d], pads[d + dimensions]);
        }

        return new Window(kernel, strides, dilations, before, behind);

        long[] Given(string name, long otherwise) =>
            call.Ints(name) is { Count: > 0 } given ? [.. given] : [.. Enumerable.Repeat(otherwise, dimensions)];
    }

    /// <summary>The input with its padding, filled with a value.</summary>
    public Tensor Pad(Tensor input, double value) =>
        Fill(input, [.. Enumerable.Range(0, Kernel.Length).Select(d => (Before[d], Behind[d]))], value);

    /// <summary>Padded input with as much more as the last window lacks, where sizes are rounded up. A window that would begin in that
    /// padding is left out.</summary>
    public Tensor RoundUp(Tensor padded, double value)
    {
        var more = new (long, long)[Kernel.Length];
        for (int d = 0; d < Kernel.Length; d++)
        {
            long size = padded.shape[d + 2],
                width = ((Kernel[d] - 1) * Dilations[d]) + 1,
                last = (size - width + Strides[d] - 1) / Strides[d];
            if (last * Strides[d] >= size - Behind[d])
                last--;
            more[d] = (0, Math.Max(0, (last * Strides[d]) + width - size));
        }

        return Fill(padded, more, value);
    }

    // Torch wants the last dimension first.
    private static Tensor Fill(Tensor input, (long Before, long Behind)[] sizes, double value)
    {
        long[] padding = [.. sizes.Reverse().SelectMany(s => (long[])[s.Before, s.Behind])];
        return padding.All(p => p == 0) ? input : nn.functional.pad(input, padding, PaddingModes.Constant, value);
    }
}
