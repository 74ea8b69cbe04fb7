using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Checks.Cells;

/// <summary>A perturbation that does not survive a file of 16-bit samples exists in memory alone.</summary>
internal sealed class LostIn16BitCheck : ICellCheck
{
    private const double FullScale = 32768;
    private const double LeastShare = 0.5;
    private const double LeastGain = 1e-8;

    public string Id => "lost-in-16-bit";

    public bool JudgesSmallestPerturbations => true;

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        if (cell.Saved is not { } saved)
            yield break;
        double gain = cell.Perturbed.Average() - cell.Clean.Average();
        double kept = saved.Average() - cell.Clean.Average();
        if (!(gain <= LeastGain || kept >= LeastShare * gain))
            yield return this.Doubt($"saved as 16-bit audio, {Math.Max(0, kept / gain):0 %} of its gain is left");
    }

    /// <summary>The waveform as a 16-bit file would give it back.</summary>
    public static Tensor SaveAndRead(Tensor waveform) => ((waveform * FullScale).round().clamp(-FullScale, FullScale - 1)) / FullScale;
}
