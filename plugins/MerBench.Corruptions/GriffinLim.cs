using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>What is left of a spectrogram from which <see cref="GriffinLim"/> makes sound.</summary>
public sealed record GriffinLimOptions(
    [Description("Mel bands (8..512) of severity 1, 2, ... up to 5. Default: 128, 96, 64, 48, 32.")] [Length(1, 5)] double[]? Bands = null,
    [Description("Rounds in which phases are looked for.")] [Range(1, 1000)] int Iterations = 32
);

/// <summary>
/// Sound made anew from its Mel magnitudes alone: these are spread over the bins again by the filters' pseudoinverse, and phases are looked
/// for by Griffin and Lim's iteration (IEEE TASSP 32(2), 1984) with the momentum of Perraudin et al. (WASPAA 2013). Frames of 1024 samples,
/// 256 apart, at any rate. Gradients go through the magnitudes, with phases as they were found.
/// </summary>
[Corruption(
    "griffin-lim",
    Summary = "Made anew from Mel magnitudes, phases by Griffin and Lim",
    Source = "Griffin and Lim 1984; Perraudin et al. 2013"
)]
[Reference(
    """
        @article{griffin1984,
          author  = {Griffin, Daniel W. and Lim, Jae S.},
          title   = {Signal Estimation from Modified Short-Time {Fourier} Transform},
          journal = {IEEE Transactions on Acoustics, Speech, and Signal Processing},
          volume  = {32},
          number  = {2},
          pages   = {236--243},
          year    = {1984},
          doi     = {10.1109/TASSP.1984.1164317},
        }
        """
)]
public sealed class GriffinLim : DifferentiableCorruption
{
    private const int Frame = 1024,
        Hop = 256;
    private const double Momentum = 0.99;
    private const double Floor = 1e-8;

    private readonly SeverityScale _bands;
    private readonly int _iterations;

    /// <summary>Creates the corruption.</summary>
    /// <param name="options">Bands and iterations.</param>
    /// <exception cref="PluginUserException">A number of bands is out of range.</exception>
    public GriffinLim(GriffinLimOptions options) =>
        (_bands, _iterations) = (
            new SeverityScale("griffin-lim", "bands", options.Bands, [128, 96, 64, 48, 32], 8, 512),
            options.Iterations
        );

    /// <inheritdoc/>
    public override IReadOnlyList<Domain> Domains { get; } = [Domain.Waveform];

    /// <inheritdoc/>
    /// <remarks>False: phases depend on the sound as well.</remarks>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override Tensor Approach(CorruptionContext context)
    {
        using var scope = NewDisposeScope();
        long samples = context.Input.shape[1];
        if (samples <= Frame)
            throw new PluginUserException($"The corruption 'griffin-lim' needs clips of more than {Frame} samples, not {samples}.");
        Tensor window = hann_window(Frame, device: context.Input.device);
        Tensor magnitude = Smear(Analyse(context.Input, window).abs().clamp_min(Floor), context);
        Tensor phase;
        using (no_grad())
            phase = FindPhase(magnitude.detach(), window, samples);
        return Synthesise(magnitude * phase, window, samples).MoveToOuterDisposeScope();
    }

    // Magnitudes [B, bins, frames] as far as Mel bands tell them.
    private Tensor Smear(Tensor magnitude, CorruptionContext context)
    {
        Tensor filters = Triangles((int)_bands.At(context.Severity), context.SampleRate).to(magnitude.device);
        Tensor mel = magnitude.transpose(1, 2).matmul(filters);
        return mel.matmul(linalg.pinv(filters)).clamp_min(0).transpose(1, 2);
    }

    // [bins, bands], equally wide on the Mel scale of HTK; those that fall between two bins take the nearest.
    private static Tensor Triangles(int bands, int sampleRate)
    {
        double last = ToMel(sampleRate / 2.0);
        double[] corners = [.. Enumerable.Range(0, bands + 2).Select(i => ToHertz(last * i / (bands + 1)) * Frame / sampleRate)];
        var weights = new float[(Frame / 2) + 1, bands];
        for (int band = 0; band < bands; band++)
        {
            (double low, double middle, double high) = (corners[band], corners[band + 1], corners[band + 2]);
            weights[(int)Math.Round(middle), band] = 1;
            for (int bin = (int)Math.Ceiling(low); bin < high; bin++)
                weights[bin, band] = (float)
                    Math.Max(weights[bin, band], Math.Min((bin - low) / (middle - low), (high - bin) / (high - middle)));
        }

        return tensor(weights);
    }

    private static double ToMel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static double ToHertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);

    // Unit phasors. They begin at random, the same for each clip: at zero all partials would start together.
    private Tensor FindPhase(Tensor magnitude, Tensor window, long samples)
    {
        long[] shape = magnitude.shape[1..];
        RandomStream random = RandomStream.For("griffin-lim");
        double[] turns = [.. Enumerable.Range(0, (int)(shape[0] * shape[1])).Select(_ => random.NextDouble() * 2 * Math.PI)];
        Tensor angle = tensor(turns).to(magnitude.dtype).reshape(1, shape[0], shape[1]).to(magnitude.device);
        Tensor phase = complex(angle.cos(), angle.sin());
        Tensor? before = null;
        for (int i = 0; i < _iterations; i++)
        {
            Tensor rebuilt = Analyse(Synthesise(magnitude * phase, window, samples), window);
            Tensor ahead = before is null ? rebuilt : rebuilt - (before * (Momentum / (1 + Momentum)));
            phase = ahead / ahead.abs().clamp_min(Floor);
            before = rebuilt;
        }

        return phase;
    }

    private static Tensor Analyse(Tensor clips, Tensor window) =>
        stft(clips, Frame, Hop, Frame, window, center: true, pad_mode: TorchSharp.PaddingModes.Reflect, return_complex: true);

    private static Tensor Synthesise(Tensor spectrum, Tensor window, long samples) =>
        istft(spectrum, Frame, Hop, Frame, window, center: true, length: samples);
}
