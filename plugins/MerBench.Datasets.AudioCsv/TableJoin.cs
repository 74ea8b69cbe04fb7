namespace MerBench.Datasets.AudioCsv;

/// <summary>Takes columns of a second table into the rows of a first, by the columns that identify a row in both.</summary>
internal static class TableJoin
{
    /// <summary>The first table with the columns behind its own; their cells are blank where the second has no such row.</summary>
    public static Table Add(Table first, Table second, string[] keys, string[] columns, ProblemList problems)
    {
        int[] firstKeys = [.. keys.Select(k => first.Find(k, "key", problems))],
            secondKeys = [.. keys.Select(k => second.Find(k, "key", problems))],
            taken = [.. columns.Select(c => second.Find(c, "column", problems))];
        if (firstKeys.Concat(secondKeys).Concat(taken).Any(position => position < 0))
            return first;
        var rows = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (Row row in second.Rows)
            if (!rows.TryAdd(Key(row, secondKeys), row))
                problems.Add(row, $"{Name(row, keys, secondKeys)} stands in {rows[Key(row, secondKeys)].Place} already.");
        var known = first.Rows.Select(r => Key(r, firstKeys)).ToHashSet(StringComparer.Ordinal);
        foreach (Row row in second.Rows.Where(r => !known.Contains(Key(r, secondKeys))))
            problems.Add(row, $"{Name(row, keys, secondKeys)} has no row in the table that it belongs to.");
        return new Table(
            [.. first.Columns, .. columns],
            [
                .. first.Rows.Select(row =>
                    row with
                    {
                        Cells = [.. Enumerable.Range(0, first.Columns.Count).Select(c => row[c]), .. Taken(row)],
                    }
                ),
            ]
        );

        IEnumerable<string> Taken(Row row) =>
            rows.TryGetValue(Key(row, firstKeys), out Row? found) ? taken.Select(c => found[c]) : columns.Select(_ => "");
    }

    private static string Key(Row row, int[] positions) => string.Join('\0', positions.Select(p => row[p]));

    private static string Name(Row row, string[] keys, int[] positions) =>
        string.Join(", ", keys.Zip(positions, (key, position) => $"{key} '{row[position]}'"));
}
