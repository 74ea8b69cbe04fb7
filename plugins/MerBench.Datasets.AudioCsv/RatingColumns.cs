using System.Globalization;

namespace MerBench.Datasets.AudioCsv;

/// <summary>The columns of emotions or concepts, and how their cells become ratings in 0..1.</summary>
internal sealed class RatingColumns
{
    private readonly RatingScale _scale;
    private readonly RatingCells _cells;
    private readonly int[] _columns;
    private readonly string[] _names;

    public RatingColumns(
        Table table,
        string kind,
        IReadOnlyList<string> labels,
        IReadOnlyDictionary<string, string>? columns,
        RatingScale scale,
        string file,
        ProblemList problems
    )
    {
        (_scale, _cells) = (scale, new RatingCells(scale));
        _names = [.. labels.Select(label => columns?.GetValueOrDefault(label) ?? label)];
        _columns = [.. _names.Select(name => table.Find(name, kind, problems))];
        if (!(scale.Max > scale.Min) || !double.IsFinite(scale.Max - scale.Min))
            problems.Add(
                string.Create(CultureInfo.InvariantCulture, $"the {kind} scale {scale.Min} to {scale.Max} is empty; max must be above min.")
            );
        else if (labels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
            problems.Add($"{kind} '{twice}' is listed twice.");
        else
            Space = new LabelSpace(
                labels,
                0,
                1,
                string.Create(CultureInfo.InvariantCulture, $"{scale.Min} to {scale.Max} in {file}, mapped linearly to 0..1")
            );
    }

    /// <summary>The labels; null where there were problems.</summary>
    public LabelSpace? Space { get; }

    public float[] Read(Row row, string id, ProblemList problems)
    {
        var ratings = new float[_columns.Length];
        for (int i = 0; i < ratings.Length; i++)
            ratings[i] = Read(row, i, id, problems);
        return ratings;
    }

    /// <summary>As <see cref="Read(Row, string, ProblemList)"/>, with NaN where nobody rated.</summary>
    public float[] ReadWithGaps(Row row, string id, ProblemList problems)
    {
        var ratings = new float[_columns.Length];
        for (int i = 0; i < ratings.Length; i++)
            ratings[i] = RatingCells.IsGap(row[_columns[i]]) ? float.NaN : Read(row, i, id, problems);
        return ratings;
    }

    private float Read(Row row, int label, string id, ProblemList problems)
    {
        if (_cells.ProblemWith(row[_columns[label]], out double rating) is not { } problem)
            return (float)Math.Clamp((rating - _scale.Min) / (_scale.Max - _scale.Min), 0, 1);
        problems.Add(row, $"'{_names[label]}' of clip '{id}' {problem}");
        return 0;
    }
}
