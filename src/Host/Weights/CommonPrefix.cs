namespace MerBench.Host.Weights;

/// <summary>
/// What wrappers put before all names of a state dict: <c>module.</c> by DataParallel, <c>_orig_mod.</c> by torch.compile, or the name of
/// the field that a network has in a larger one.
/// </summary>
internal static class CommonPrefix
{
    private const int MostParts = 8;

    /// <summary>
    /// The prefix that all names in the file share, and without which most of them are the model's; else the only one under which the whole
    /// model stands, as in a checkpoint of Lightning that holds a loss as well. Possibly empty.
    /// </summary>
    public static string Find(IReadOnlyCollection<string> stored, IReadOnlySet<string> expected)
    {
        string shared = FindShared(stored, expected);
        return shared.Length > 0 || stored.Any(expected.Contains) ? shared : FindStem(stored, expected);
    }

    private static string FindStem(IReadOnlyCollection<string> stored, IReadOnlySet<string> expected)
    {
        if (expected.FirstOrDefault() is not { } first)
            return "";
        var names = stored.ToHashSet(StringComparer.Ordinal);
        string[] stems =
        [
            .. stored
                .Where(n => n.EndsWith('.' + first, StringComparison.Ordinal))
                .Select(n => n[..^first.Length])
                .Where(stem => expected.All(n => names.Contains(stem + n))),
        ];
        return stems.Length == 1 ? stems[0] : "";
    }

    private static string FindShared(IReadOnlyCollection<string> stored, IReadOnlySet<string> expected)
    {
        string best = "",
            prefix = "";
        int most = CountKnown("");
        for (int parts = 0; parts < MostParts && Longer() is { } longer; parts++)
        {
            prefix = longer;
            int known = CountKnown(prefix);
            if (known > most)
                (best, most) = (prefix, known);
        }

        return best;

        int CountKnown(string without) => stored.Count(n => expected.Contains(n[without.Length..]));

        string? Longer()
        {
            if (stored.FirstOrDefault() is not { } first)
                return null;
            int dot = first.IndexOf('.', prefix.Length);
            if (dot < 0)
                return null;
            string longer = first[..(dot + 1)];
            return stored.All(n => n.StartsWith(longer, StringComparison.Ordinal)) ? longer : null;
        }
    }
}
