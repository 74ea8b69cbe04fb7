using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>A table of one quantity over time: a row a song, and a column a moment, named <c>sample_15000ms</c>.</summary>
internal sealed partial class WideTable
{
    private const string IdColumn = "song_id";

    private readonly Table _table;
    private readonly int _id;
    private readonly (int Column, decimal Seconds)[] _moments;

    public WideTable(string path, ProblemList problems)
    {
        _table = Table.Read(path, ",", problems).Named(Path.GetFileName(path));
        _id = _table.Find(IdColumn, Path.GetFileName(path), problems);
        _moments =
        [
            .. _table
                .Columns.Select((name, column) => (Column: column, Match: MomentName().Match(name)))
                .Where(c => c.Match.Success)
                .Select(c => (c.Column, decimal.Parse(c.Match.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture) / 1000))
                .OrderBy(c => c.Item2),
        ];
        if (_moments.Length == 0)
            problems.Add($"'{path}' has no column named as 'sample_15000ms' is; unpack the file as it was published.");
    }

    /// <summary>The rows from their first to their last filled cell, moment by moment; rows without a filled cell have none.</summary>
    public IEnumerable<(Row Row, string Id, decimal Seconds, string Cell)> Cells()
    {
        foreach (Row row in _table.Rows)
        {
            int first = Array.FindIndex(_moments, m => !RatingCells.IsGap(row[m.Column])),
                last = Array.FindLastIndex(_moments, m => !RatingCells.IsGap(row[m.Column]));
            for (int i = Math.Max(0, first); i <= last; i++)
                yield return (row, row[_id], _moments[i].Seconds, row[_moments[i].Column]);
        }
    }

    /// <summary>Adds a problem for every song that stands in two rows.</summary>
    public void CheckIds(ProblemList problems)
    {
        foreach (IGrouping<string, Row> song in _table.Rows.GroupBy(r => r[_id], StringComparer.Ordinal))
        foreach (Row again in song.Skip(1))
            problems.Add(again, $"song '{song.Key}' stands in {song.First().Place} already.");
    }

    [GeneratedRegex(@"^sample_(?<ms>\d{1,9})ms$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MomentName();
}
