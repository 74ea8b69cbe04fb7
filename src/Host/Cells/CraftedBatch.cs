using MerBench.Host.Checks;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>What an attack made of a batch.</summary>
/// <param name="Input">The perturbed inputs.</param>
/// <param name="Clips">What it asked and said, a clip each.</param>
internal sealed record CraftedBatch(Tensor Input, IReadOnlyList<CraftedClip> Clips);

/// <summary>What an attack asked of the model for one clip, and what it said.</summary>
internal sealed record CraftedClip(long ForwardCalls, long GradientCalls, long SparedCalls)
{
    public required ClipTrace Trace { get; init; }

    public required IReadOnlyDictionary<string, string> Notes { get; init; }

    /// <summary>The same, with the calls of a search that came to nothing.</summary>
    public CraftedClip After(CraftedClip earlier) =>
        this with
        {
            ForwardCalls = ForwardCalls + earlier.ForwardCalls,
            GradientCalls = GradientCalls + earlier.GradientCalls,
            SparedCalls = SparedCalls + earlier.SparedCalls,
        };
}
