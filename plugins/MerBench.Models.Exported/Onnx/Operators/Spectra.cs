using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Spectra, as products with cosines and sines: exact, differentiable, and the same for every length.</summary>
internal static class Spectra
{
    public static OperatorFamily Family { get; } =
        new()
        {
            { "DFT", Dft },
            { "STFT", Stft },
            { "MelWeightMatrix", MelWeights },
        };

    // x [..., N, ..., 1 or 2]: real, or real and imaginary.
    private static Tensor Dft(OnnxCall call)
    {
        Tensor x = call[0];
        // An attribute before opset 20, an input since.
        long axis = call.Longs(2)?[0] ?? call.Int("axis", call.Opset < 20 ? 1 : -2);
        int along = OnnxCall.Axis(axis, x);
        long length = call.Longs(1)?[0] ?? x.shape[along];
        Tensor moved = x.moveaxis([along], [-2]);
        moved = moved.shape[^2] >= length ? moved.narrow(-2, 0, length) : nn.functional.pad(moved, [0, 0, 0, length - moved.shape[^2]]);
        Tensor spectrum = Transform(moved, length, call.Is("onesided") ? (length / 2) + 1 : length, call.Is("inverse"));
        return spectrum.moveaxis([-2], [along]);
    }

    private static Tensor Stft(OnnxCall call)
    {
        // [B, N] or [B, N, 1 or 2]
        Tensor signal = call[0].dim() == 2 ? call[0].unsqueeze(-1) : call[0];
        long step = call.Longs(1)![0];
        Tensor? window = call.Optional(2);
        long length = call.Longs(3)?[0] ?? window!.shape[0];
        Tensor frames = signal.unfold(1, length, step).transpose(-1, -2);
        if (window is not null)
            frames = frames.mul(window.reshape(-1, 1));
        return Transform(frames, length, call.Is("onesided", otherwise: true) ? (length / 2) + 1 : length, isInverse: false);
    }

    // [..., N, 1 or 2] to [..., K, 2]
    private static Tensor Transform(Tensor x, long length, long kept, bool isInverse)
    {
        Tensor k = arange(kept, ScalarType.Int64, x.device).unsqueeze(1),
            n = arange(length, ScalarType.Int64, x.device).unsqueeze(0);
        // Whole turns are taken off before anything is rounded.
        Tensor angle = k.mul(n).remainder(length).to(ScalarType.Float64).mul(2 * Math.PI / length * (isInverse ? 1 : -1));
        double scale = isInverse ? 1.0 / length : 1;
        Tensor cos = angle.cos().mul(scale).to(x.dtype),
            sin = angle.sin().mul(scale).to(x.dtype);
        Tensor real = x.select(-1, 0).unsqueeze(-1);
        if (x.shape[^1] == 1)
            return cat([cos.matmul(real), sin.matmul(real)], -1);
        Tensor imaginary = x.select(-1, 1).unsqueeze(-1);
        return cat([cos.matmul(real).sub(sin.matmul(imaginary)), sin.matmul(real).add(cos.matmul(imaginary))], -1);
    }

    // As the standard's reference computes it: triangles between whole bins of the spectrum.
    private static Tensor MelWeights(OnnxCall call)
    {
        long bands = call.Longs(0)![0],
            length = call.Longs(1)![0];
        double rate = Number(2),
            low = Mel(Number(3)),
            high = Mel(Number(4));
        long bins = (length / 2) + 1;
        long[] edges = new long[bands + 2];
        for (int i = 0; i < edges.Length; i++)
        {
            double mel = low + (i * (high - low) / (bands + 2));
            double hertz = 700 * (Math.Pow(10, mel / 2595) - 1);
            edges[i] = (long)Math.Floor((length + 1) * hertz / rate);
        }

        float[,] weights = new float[bins, bands];
        for (int band = 0; band < bands; band++)
        {
            (long left, long centre, long right) = (edges[band], edges[band + 1], edges[band + 2]);
            if (centre == left)
                weights[centre, band] = 1;
            for (long bin = left; bin <= centre && centre > left; bin++)
                weights[bin, band] = (float)(bin - left) / (centre - left);
            for (long bin = centre; bin < right && right > centre; bin++)
                weights[bin, band] = (float)(right - bin) / (right - centre);
        }

        return tensor(weights, call.Floating, call.Device);

        double Number(int position) => call[position].to(ScalarType.Float64).item<double>();

        static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));
    }
}
