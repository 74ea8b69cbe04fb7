namespace MerBench.Datasets.AudioCsv;

/// <summary>The columns of the annotators' standard deviations, mapped to the width of the scale 0..1.</summary>
internal sealed class AnnotatorSd
{
    private readonly int[] _columns;
    private readonly string[] _names;
    private readonly double _width;

    public AnnotatorSd(
        Table table,
        IReadOnlyList<string> emotions,
        IReadOnlyDictionary<string, string> columns,
        RatingScale scale,
        ProblemList problems
    )
    {
        foreach (string unknown in columns.Keys.Except(emotions, StringComparer.Ordinal))
            problems.Add($"sd-columns: '{unknown}' is not an emotion of this dataset.");
        foreach (string missing in emotions.Except(columns.Keys, StringComparer.Ordinal))
            problems.Add($"sd-columns: '{missing}' has no column; all emotions need one, or none.");
        _names = [.. emotions.Select(e => columns.GetValueOrDefault(e) ?? e)];
        _columns = [.. _names.Select(name => table.Find(name, "sd-columns", problems))];
        _width = scale.Max - scale.Min;
    }

    public float[] Read(Row row, string id, ProblemList problems)
    {
        var spread = new float[_columns.Length];
        for (int i = 0; i < spread.Length; i++)
            spread[i] = Read(row, i, id, problems);
        return spread;
    }

    /// <summary>As <see cref="Read(Row, string, ProblemList)"/>, with NaN where none is known.</summary>
    public float[] ReadWithGaps(Row row, string id, ProblemList problems)
    {
        var spread = new float[_columns.Length];
        for (int i = 0; i < spread.Length; i++)
            spread[i] = RatingCells.IsGap(row[_columns[i]]) ? float.NaN : Read(row, i, id, problems);
        return spread;
    }

    private float Read(Row row, int emotion, string id, ProblemList problems)
    {
        if (RatingCells.ProblemWithSd(row[_columns[emotion]], out double sd) is not { } problem)
            return (float)(sd / _width);
        problems.Add(row, $"'{_names[emotion]}' of clip '{id}' {problem}");
        return 0;
    }
}
