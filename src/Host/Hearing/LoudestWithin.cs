using static TorchSharp.torch;

namespace MerBench.Host.Hearing;

/// <summary>Scales perturbations of a clip until they are just within a masking excess.</summary>
/// <param name="clean">Waveform <c>[N]</c> for which <see cref="MaskedClip.Fits"/>.</param>
/// <param name="sampleRate">In Hz.</param>
/// <param name="excess">How many dB a perturbation may lie above the masking threshold where it does so most.</param>
internal sealed class LoudestWithin(Tensor clean, int sampleRate, double excess)
{
    private const int Halvings = 20;

    // For rounding to float32.
    private const double RoomDb = 0.005;

    private readonly MaskedClip _masked = new(clean, sampleRate);

    /// <summary>The perturbed waveform with its perturbation made as large as the bound allows, within -1..1; the perturbed waveform itself
    /// where it is the clean one.</summary>
    /// <param name="perturbed">Waveform <c>[N]</c>.</param>
    public Tensor Scale(Tensor perturbed)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor delta = perturbed - clean;
        double found = _masked.Excess(delta);
        if (double.IsNegativeInfinity(found))
            return perturbed.clone().MoveToOuterDisposeScope();
        double high = Math.Pow(10, (excess - RoomDb - found) / 20);
        Tensor best = Times(high);
        return (IsWithin(best) ? best : Bisect(0, high)).MoveToOuterDisposeScope();

        // Decibels add up, unless the box cuts the waveform, which makes new sounds.
        Tensor Bisect(double low, double above)
        {
            Tensor within = clean.clone();
            for (int i = 0; i < Halvings; i++)
            {
                double middle = (low + above) / 2;
                Tensor point = Times(middle);
                if (IsWithin(point))
                    (low, within) = (middle, point);
                else
                    above = middle;
            }

            return within;
        }

        Tensor Times(double factor) => (clean + (delta * factor)).clamp(-1, 1);
    }

    private bool IsWithin(Tensor point) => _masked.Excess(point - clean) <= excess;
}
