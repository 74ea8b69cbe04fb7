using System.Globalization;

namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>Curves from a long table: a row a clip and moment, a column an emotion.</summary>
internal static class LongCurves
{
    /// <param name="table">The table; its rows know its name.</param>
    /// <param name="options">Emotions, their scale and their columns, and what the table's own columns are named.</param>
    /// <param name="leaveOut">Whether clips without curves are left out.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null where already the header is wrong.</returns>
    public static Curves? Read(Table table, AudioCsvOptions options, bool leaveOut, ProblemList problems)
    {
        CurveOptions curves = options.Curves!;
        int before = problems.Issues.Count;
        int id = curves.IdColumn is { } name ? table.Find(name, "curves: id-column", problems) : 0,
            time = table.Find(curves.TimeColumn, "curves: time-column", problems);
        string file = Path.GetFileName(curves.File);
        var emotions = new RatingColumns(table, "emotion", options.Emotions, options.Columns, options.Scale, file, problems);
        AnnotatorSd? spread = options.SdColumns is { Count: > 0 } columns
            ? new AnnotatorSd(table, options.Emotions, columns, options.Scale, problems)
            : null;
        if (problems.Issues.Count > before)
            return null;

        var moments = new Moments(withSd: spread is not null);
        foreach (Row row in table.Rows)
        {
            if (row[id].Length == 0)
                problems.Add(row, $"its id ('{table.Columns[id]}') is blank.");
            else if (!TryReadSeconds(row[time], out decimal seconds))
                problems.Add(row, $"'{curves.TimeColumn}' of clip '{row[id]}' is '{row[time]}'; expected seconds, a number of at least 0.");
            else
                Add(row, row[id], seconds);
        }

        return new Curves(emotions.Space!, moments.Curves(problems), leaveOut);

        void Add(Row row, string clip, decimal seconds)
        {
            float[] ratings = emotions.ReadWithGaps(row, clip, problems);
            float[] sd = spread?.ReadWithGaps(row, clip, problems) ?? [];
            if (moments.Add(clip, new Moment(row, seconds, ratings, sd)) is { } twice)
                problems.Add(row, $"clip '{clip}' is rated at {row[time]} s in {twice.Row.Place} already.");
        }
    }

    private static bool TryReadSeconds(string cell, out decimal seconds) =>
        decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds >= 0;
}
