using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Confines perturbations to a stretch of time: outside of it inputs stay clean. In waveforms its ends are ramps within it, so
/// that nothing clicks.</summary>
internal static class PerturbationWindow
{
    private const double RampSeconds = 0.005;

    /// <summary>1 where inputs of a domain may change and 0 elsewhere: <c>[N]</c> for waveforms, <c>[T, 1]</c> for features, whose frames
    /// share the excerpt evenly; null for everywhere.</summary>
    public static Tensor? Draw(TimeWindow? window, Domain domain, PreparedDataset data, Device device)
    {
        if (window is null)
            return null;
        double excerpt = data.Preparation.ExcerptSeconds;
        long length = domain == Domain.Waveform ? data.WaveformLength : data.FeatureShape[0];
        double step = excerpt / length,
            ramp = domain == Domain.Waveform ? RampSeconds : 0;
        float[] mask = [.. Enumerable.Range(0, (int)length).Select(i => (float)Weigh((i + 0.5) * step, window, excerpt, ramp))];
        Tensor drawn = tensor(mask, device: device).DetachFromDisposeScope();
        return domain == Domain.Waveform ? drawn : drawn.unsqueeze(1).DetachFromDisposeScope();
    }

    /// <summary>The perturbed inputs, and the clean ones outside of the window.</summary>
    public static Tensor Confine(Tensor perturbed, Tensor clean, Tensor? window) =>
        window is null || !perturbed.shape.SequenceEqual(clean.shape) ? perturbed : clean + (window * (perturbed - clean));

    // The ends of a recording need no ramp.
    private static double Weigh(double seconds, TimeWindow window, double excerpt, double ramp)
    {
        if (seconds < window.From || seconds >= window.To)
            return 0;
        double distance = Math.Min(
            window.From <= 0 ? double.PositiveInfinity : seconds - window.From,
            window.To >= excerpt ? double.PositiveInfinity : window.To - seconds
        );
        return distance >= ramp ? 1 : 0.5 * (1 - Math.Cos(Math.PI * distance / ramp));
    }
}
