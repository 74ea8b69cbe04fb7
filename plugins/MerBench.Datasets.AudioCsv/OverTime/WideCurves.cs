namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>Curves from wide tables, one an emotion, on their own scale; DEAM and emoMusic are published so.</summary>
internal static class WideCurves
{
    /// <param name="files">An emotion's table, and its table of standard deviations where there is one.</param>
    /// <param name="scale">The scale of the ratings, which are handed out as they stand there.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null where already a header is wrong.</returns>
    public static Curves? Read(IReadOnlyList<(string Emotion, string Means, string? Sds)> files, RatingScale scale, ProblemList problems)
    {
        int before = problems.Issues.Count;
        WideTable[] means = [.. files.Select(f => new WideTable(f.Means, problems))];
        WideTable?[] sds = [.. files.Select(f => f.Sds is { } path ? new WideTable(path, problems) : null)];
        if (problems.Issues.Count > before)
            return null;

        var cells = new RatingCells(scale);
        var moments = new Moments(withSd: Array.TrueForAll(sds, sd => sd is not null));
        for (int e = 0; e < files.Count; e++)
            AddRatings(moments, means[e], e, files, cells, problems);
        for (int e = 0; e < files.Count; e++)
            if (sds[e] is { } table)
                AddSds(moments, table, e, files[e].Emotion, problems);
        return new Curves(Space(files, scale), moments.Curves(problems), LeaveOut: true);
    }

    private static LabelSpace Space(IReadOnlyList<(string Emotion, string Means, string? Sds)> files, RatingScale scale) =>
        new(
            files.Select(f => f.Emotion),
            scale.Min,
            scale.Max,
            FormattableString.Invariant(
                $"{scale.Min} to {scale.Max} in {string.Join(" and ", files.Select(f => Path.GetFileName(f.Means)))}, over time"
            )
        );

    private static void AddRatings(
        Moments moments,
        WideTable table,
        int emotion,
        IReadOnlyList<(string Emotion, string Means, string? Sds)> files,
        RatingCells cells,
        ProblemList problems
    )
    {
        table.CheckIds(problems);
        foreach (var (row, id, seconds, cell) in table.Cells())
        {
            Moment moment = moments.Find(id, seconds) ?? New(row, id, seconds);
            if (RatingCells.IsGap(cell))
                continue;
            if (cells.ProblemWith(cell, out double rating) is { } problem)
                problems.Add(row, Describe(files[emotion].Emotion, id, seconds, problem));
            else
                moment.Ratings[emotion] = (float)rating;
        }

        Moment New(Row row, string id, decimal seconds)
        {
            var moment = new Moment(row, seconds, Moment.Gaps(files.Count), Moment.Gaps(files.Count));
            moments.Add(id, moment);
            return moment;
        }
    }

    private static void AddSds(Moments moments, WideTable table, int emotion, string name, ProblemList problems)
    {
        table.CheckIds(problems);
        foreach (var (row, id, seconds, cell) in table.Cells())
        {
            // A spread of what has no mean says nothing.
            if (RatingCells.IsGap(cell) || moments.Find(id, seconds) is not { } moment)
                continue;
            if (RatingCells.ProblemWithSd(cell, out double sd) is { } problem)
                problems.Add(row, Describe(name, id, seconds, problem));
            else
                moment.Sd[emotion] = (float)sd;
        }
    }

    private static string Describe(string emotion, string id, decimal seconds, string problem) =>
        FormattableString.Invariant($"'{emotion}' of clip '{id}' at {(double)seconds} s {problem}");
}
