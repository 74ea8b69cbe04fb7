namespace MerBench.Datasets.AudioCsv;

/// <summary>Suggests what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The nearest of the known names without regard to case, or null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var (nearest, distance) = known
            .Select(k => (Name: k, Distance: EditDistance(name.ToLowerInvariant(), k.ToLowerInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(k => k.Distance);
        return distance <= Math.Max(2, name.Length / 3) ? nearest : null;
    }

    // Levenshtein 1966, one row of the table at a time.
    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
