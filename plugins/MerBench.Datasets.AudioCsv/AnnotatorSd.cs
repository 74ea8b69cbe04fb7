using System.Globalization;

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
        {
            if (
                double.TryParse(row[_columns[i]], NumberStyles.Float, CultureInfo.InvariantCulture, out double sd)
                && double.IsFinite(sd)
                && sd >= 0
            )
                spread[i] = (float)(sd / _width);
            else
                problems.Add(row, $"'{_names[i]}' of clip '{id}' is '{row[_columns[i]]}'; a standard deviation is a number of at least 0.");
        }

        return spread;
    }
}
