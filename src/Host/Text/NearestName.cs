using F23.StringSimilarity;

namespace MerBench.Host.Text;

/// <summary>Finds what someone meant to write.</summary>
public static class NearestName
{
    private const int MostShown = 40;

    // Insertions, deletions, replacements and swaps of neighbours count one each.
    private static readonly OptimalStringAlignment Alignment = new();

    /// <summary>The candidate with the fewest typing errors, or null when none is near.</summary>
    public static string? Find(string written, IEnumerable<string> candidates)
    {
        string normal = Normal(written);
        return candidates
            .Select(candidate => (candidate, distance: Alignment.Distance(normal, Normal(candidate))))
            .Where(c => c.distance <= Math.Max(1, Math.Max(normal.Length, c.candidate.Length) / 3) && c.distance < c.candidate.Length)
            .OrderBy(c => c.distance)
            .ThenBy(c => c.candidate, StringComparer.Ordinal)
            .Select(c => c.candidate)
            .FirstOrDefault();
    }

    /// <summary>«did you mean 'x'?», or else what there is to choose from, or else <paramref name="otherwise"/>.</summary>
    public static string Hint(string written, IEnumerable<string> candidates, string otherwise = "")
    {
        string[] all = [.. candidates.Distinct(StringComparer.Ordinal)];
        if (Find(written, all) is { } near)
            return $"did you mean '{near}'?";
        return all.Length == 0 ? otherwise : $"expected one of: {ShortList.Write(all, MostShown)}";
    }

    private static string Normal(string name) => KebabCase.Convert(name.Length <= 100 ? name : name[..100]).Replace('_', '-');
}
