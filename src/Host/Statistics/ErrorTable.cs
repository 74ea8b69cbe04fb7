namespace MerBench.Host.Statistics;

/// <summary>One number, such as an error, for each of a system's seeds and each clip, the same clips for all seeds.</summary>
public sealed class ErrorTable
{
    private readonly double[][] _values;

    private ErrorTable(IReadOnlyList<int> seeds, IReadOnlyList<string> clips, double[][] values) =>
        (Seeds, Clips, _values) = (seeds, clips, values);

    public IReadOnlyList<int> Seeds { get; }

    public IReadOnlyList<string> Clips { get; }

    public double this[int seed, int clip] => _values[seed][clip];

    /// <summary>The table of the clips that every seed has; null when there are fewer than two, or a number is not finite.</summary>
    public static ErrorTable? Create(IEnumerable<(int Seed, string Clip, double Value)> values)
    {
        var bySeed = values
            .GroupBy(v => v.Seed)
            .OrderBy(g => g.Key)
            .Select(g => (Seed: g.Key, Values: g.ToDictionary(v => v.Clip, v => v.Value, StringComparer.Ordinal)))
            .ToList();
        if (bySeed.Count == 0)
            return null;
        string[] clips =
        [
            .. bySeed[0].Values.Keys.Where(c => bySeed.TrueForAll(s => s.Values.ContainsKey(c))).Order(StringComparer.Ordinal),
        ];
        double[][] table = [.. bySeed.Select(s => clips.Select(c => s.Values[c]).ToArray())];
        return clips.Length < 2 || table.Any(row => row.Any(v => !double.IsFinite(v)))
            ? null
            : new ErrorTable([.. bySeed.Select(s => s.Seed)], clips, table);
    }

    /// <summary>First minus second, on the seeds and clips that both have; null when there are none of the first or fewer than two of the
    /// others.</summary>
    public static ErrorTable? Difference(ErrorTable first, ErrorTable second) =>
        Create(
            from s in Enumerable.Range(0, first.Seeds.Count)
            let seed = Index(second.Seeds, first.Seeds[s])
            where seed >= 0
            from c in Enumerable.Range(0, first.Clips.Count)
            let clip = Index(second.Clips, first.Clips[c])
            where clip >= 0
            select (first.Seeds[s], first.Clips[c], first[s, c] - second[seed, clip])
        );

    public double Mean() => _values.Average(row => row.Average());

    /// <summary>One mean a seed.</summary>
    public double[] OverClips() => [.. _values.Select(row => row.Average())];

    /// <summary>One mean a clip.</summary>
    public double[] OverSeeds() => [.. Enumerable.Range(0, Clips.Count).Select(c => _values.Average(row => row[c]))];

    /// <summary>All numbers, seed by seed.</summary>
    public double[] Rows() => [.. _values.SelectMany(row => row)];

    private static int Index<T>(IReadOnlyList<T> items, T item)
    {
        for (int i = 0; i < items.Count; i++)
            if (EqualityComparer<T>.Default.Equals(items[i], item))
                return i;
        return -1;
    }
}
