using System.Globalization;

namespace MerBench.Datasets.AudioCsv;

/// <summary>The columns of emotions or concepts, and how their cells become ratings in 0..1.</summary>
internal sealed class RatingColumns
{
    // Averages are printed with rounding.
    private const double Tolerance = 1e-9;

    private readonly RatingScale _scale;
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
        _scale = scale;
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
        {
            string cell = row[_columns[i]];
            if (ProblemWith(cell, out double rating) is { } problem)
                problems.Add(row, $"'{_names[i]}' of clip '{id}' {problem}");
            else
                ratings[i] = (float)Math.Clamp((rating - _scale.Min) / (_scale.Max - _scale.Min), 0, 1);
        }

        return ratings;
    }

    private string? ProblemWith(string cell, out double rating)
    {
        rating = 0;
        if (cell.Length == 0)
            return "is missing.";
        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out rating))
            return $"is '{cell}', which is not a number{(cell.Contains(',', StringComparison.Ordinal) ? " (write a decimal point)" : "")}.";
        if (!double.IsFinite(rating))
            return $"is '{cell}'; a rating must be a finite number.";
        double slack = Tolerance * (_scale.Max - _scale.Min);
        return rating < _scale.Min - slack || rating > _scale.Max + slack
            ? string.Create(CultureInfo.InvariantCulture, $"is {cell}, outside of the scale {_scale.Min} to {_scale.Max}.")
            : null;
    }
}
