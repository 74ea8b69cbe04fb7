using F23.StringSimilarity;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Suggests what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    private static readonly OptimalStringAlignment s_alignment = new();

    /// <summary>The nearest of the known names without regard to case, or null when none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var (nearest, distance) = known
            .Select(k => (Name: k, Distance: s_alignment.Distance(name.ToLowerInvariant(), k.ToLowerInvariant())))
            .DefaultIfEmpty((Name: "", Distance: double.PositiveInfinity))
            .MinBy(k => k.Distance);
        return distance <= Math.Max(2, name.Length / 3) ? nearest : null;
    }
}
