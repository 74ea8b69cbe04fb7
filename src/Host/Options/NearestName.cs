namespace MerBench.Host.Options;

/// <summary>Finds what someone meant to write.</summary>
public static class NearestName
{
    /// <summary>The candidate with the fewest typing errors, or null when none is near.</summary>
    public static string? Of(string written, IEnumerable<string> candidates)
    {
        string normal = Normal(written);
        return candidates
            .Select(candidate => (candidate, distance: Distance(normal, Normal(candidate))))
            .Where(c => c.distance <= Math.Max(1, Math.Max(normal.Length, c.candidate.Length) / 3) && c.distance < c.candidate.Length)
            .OrderBy(c => c.distance).ThenBy(c => c.candidate, StringComparer.Ordinal)
            .Select(c => c.candidate)
            .FirstOrDefault();
    }

    /// <summary>«did you mean 'x'?», or else what there is to choose from, or else <paramref name="otherwise"/>.</summary>
    public static string Hint(string written, IEnumerable<string> candidates, string otherwise = "")
    {
        string[] all = [.. candidates.Distinct(StringComparer.Ordinal)];
        if (Of(written, all) is { } near) return $"did you mean '{near}'?";
        return all.Length == 0 ? otherwise : $"expected one of: {string.Join(", ", all)}";
    }

    /// <summary>Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements, swaps of neighbours.</summary>
    public static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1], last = new int[b.Length + 1], row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }

    private static string Normal(string name) => KebabCase.Of(name.Length <= 100 ? name : name[..100]).Replace('_', '-');
}
