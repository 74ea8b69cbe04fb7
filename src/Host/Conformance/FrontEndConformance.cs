using MerBench.Host.Checks.Models;
using MerBench.Host.Plugins;
using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>The promises of <see cref="IFrontEnd"/>.</summary>
internal sealed class FrontEndConformance(PluginUse use, Device device)
{
    private const int Clips = 3;
    private const double Rounding = 1e-4;

    public IEnumerable<(string Name, Func<CancellationToken, string?> Check)> Checks() =>
        [
            ("sample-rate", _ => FrontEnd.SampleRate > 0 ? null : FormattableString.Invariant($"its sample rate is {FrontEnd.SampleRate}")),
            ("conditioning", _ => Conditioning()),
            ("shapes", _ => Faults.OfTensor("the features", Transform(Input()), Clips, -1, -1)),
            ("repeats", _ => Faults.OfDistance("the same clips give different features", Transform(Input()), Transform(Input()), 0)),
            ("batch-invariant", _ => BatchInvariant()),
            ("gradient", _ => Gradient()),
            ("silence", _ => Silence()),
            ("input-untouched", _ => InputUntouched()),
            ("tensors-freed", _ => Faults.OfLeak(() => Transform(Input()))),
        ];

    private IFrontEnd FrontEnd { get; } = use.Create<IFrontEnd>();

    private Tensor Input() => SampleClips.Waveforms(Clips, FrontEnd.SampleRate, device);

    private Tensor Transform(Tensor waveform)
    {
        using var guard = no_grad();
        return FrontEnd.Transform(waveform);
    }

    private string? Conditioning()
    {
        short[] pcm = [.. Enumerable.Range(0, FrontEnd.SampleRate).Select(i => (short)(short.MaxValue * Math.Sin(i * 0.05)))];
        float[] samples = FrontEnd.Condition(pcm);
        if (samples.Length == 0)
            return "Condition returns no samples";
        return Array.TrueForAll(samples, float.IsFinite) ? null : "Condition returns NaN or infinity";
    }

    private string? BatchInvariant()
    {
        Tensor together = Transform(Input());
        for (int clip = 0; clip < Clips; clip++)
            if (
                Faults.OfDistance(
                    $"clip {clip} alone and in a batch have different features",
                    together[clip..(clip + 1)],
                    Transform(Input()[clip..(clip + 1)]),
                    Rounding
                ) is
                { } fault
            )
                return fault;
        return null;
    }

    // Its features taken for emotions: the same question as of a model, answered by finite differences.
    private string? Gradient()
    {
        ModelOutput Mean(Tensor waveform)
        {
            Tensor bands = FrontEnd.Transform(waveform).mean([1]);
            // Of unequal weight: where each clip is centred, the sum of its features is always 0.
            return new ModelOutput(bands * linspace(0.5, 1.5, bands.shape[1], device: device));
        }

        var evidence = new ModelEvidence
        {
            Scale = 1,
            GatherGradient = () => GradientEvidence.Gather(Mean, Input(), RandomStream.For("conformance", "directions")),
        };
        return new NotDifferentiableCheck().Examine(evidence).FirstOrDefault()?.Reason;
    }

    private string? Silence()
    {
        Tensor silent = zeros_like(Input()).requires_grad_();
        Tensor features = FrontEnd.Transform(silent);
        if (Faults.OfTensor("the features of silence", features.detach(), Clips, -1, -1) is { } fault)
            return fault;
        return Faults.OfTensor("the gradient at silence", autograd.grad([features.sum()], [silent])[0], silent.shape);
    }

    private string? InputUntouched()
    {
        Tensor input = Input(),
            before = input.clone();
        Transform(input);
        return Faults.OfDistance("it wrote into its input", before, input, 0);
    }
}
