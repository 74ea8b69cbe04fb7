namespace MerBench.Analysis.Comparisons;

/// <summary>Mean absolute errors of a clip's perturbed predictions, over emotions and seeds, before and now.</summary>
public sealed record ClipChange(string Clip, double Accepted, double Received)
{
    private const int MostClips = 3;

    /// <summary>The clips that moved most, from errors of single seeds.</summary>
    internal static IReadOnlyList<ClipChange> MovedMost(IEnumerable<ClipChange> ofSeeds) =>
        [
            .. ofSeeds
                .GroupBy(c => c.Clip, StringComparer.Ordinal)
                .Select(clip => new ClipChange(clip.Key, clip.Average(c => c.Accepted), clip.Average(c => c.Received)))
                .Where(c => c.Accepted != c.Received)
                .OrderByDescending(c => Math.Abs(c.Received - c.Accepted))
                .Take(MostClips),
        ];
}
