using System.Globalization;
using CsvHelper;
using MerBench.Host.Text;

namespace MerBench.Datasets.AudioCsv;

/// <summary>One row of a table.</summary>
/// <param name="Number">Line of the file, from 1; the header is line 1.</param>
/// <param name="Cells">Trimmed cells; fewer than columns where the line ends early.</param>
/// <param name="File">The file's name, where a table is put together from several.</param>
internal sealed record Row(int Number, string[] Cells, string? File = null)
{
    /// <summary>Where a person finds it: <c>row 12</c>.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"{(File is null ? "" : File + ", ")}row {Number}");

    /// <summary>The cell of a column, or an empty text where the line ends before it.</summary>
    public string this[int column] => column < Cells.Length ? Cells[column] : "";
}

/// <summary>A CSV file with a header. Byte order mark, line ends, quotes and spaces around names are taken care of.</summary>
internal sealed class Table
{
    public Table(string[] columns, IReadOnlyList<Row> rows) => (Columns, Rows) = (columns, rows);

    /// <summary>Column names; trailing columns may have none.</summary>
    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<Row> Rows { get; }

    /// <exception cref="PluginUserException">The file cannot be read or has no header or no rows.</exception>
    public static Table Read(string path, string? delimiter, ProblemList problems)
    {
        var options = new CsvReaderOptions
        {
            Separator = delimiter?[0],
            TrimWhitespace = true,
            TrimInsideQuotes = true,
            TrackLineNumbers = true,
            OnMalformedRecord = record =>
            {
                if (record.Reason == CsvMalformedReason.UnterminatedQuote)
                    problems.Add(
                        string.Create(CultureInfo.InvariantCulture, $"row {record.LineNumber}: a quote is opened and never closed.")
                    );
            },
        };
        try
        {
            RequireText(path);
            using CsvReader reader = CsvReader.FromFile(path, options);
            return Read(path, reader, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            throw new PluginUserException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static void RequireText(string path)
    {
        if (FileFormat.FindWhyNoText(path) is { } format)
            throw new PluginUserException(
                $"'{path}' is no table: it is {format.TrimEnd('.')}. A table is text with separated columns; "
                    + $"spreadsheets save it as CSV in UTF-8."
            );
    }

    /// <summary>Some columns of several files, one file after the other.</summary>
    /// <exception cref="PluginUserException">A file cannot be read or has no header or no rows.</exception>
    public static Table Concatenate(IReadOnlyList<string> paths, string[] columns, ProblemList problems)
    {
        var rows = new List<Row>();
        foreach (string path in paths)
        {
            Table table = Read(path, delimiter: null, problems);
            int[] positions = [.. columns.Select(c => table.Find(c, Path.GetFileName(path), problems))];
            if (positions.All(p => p >= 0))
                rows.AddRange(table.Rows.Select(row => new Row(row.Number, [.. positions.Select(p => row[p])], Path.GetFileName(path))));
        }

        return new Table(columns, rows);
    }

    /// <summary>The same table, whose rows know the name of their file.</summary>
    public Table Named(string file) => new([.. Columns], [.. Rows.Select(row => row with { File = file })]);

    /// <summary>The position of a column; -1 and a problem where there is none, or more than one.</summary>
    public int Find(string name, string usedAs, ProblemList problems)
    {
        int first = IndexOf(name, 0);
        if (first < 0)
        {
            string[] named = [.. Columns.Where(c => c.Length > 0)];
            string nearest = NearestName.Find(name, named) is { } near ? $" Did you mean '{near}'?" : "";
            problems.Add($"there is no column '{name}' ({usedAs}).{nearest} Columns: {ShortList.Write(named, shown: 30)}.");
        }
        else if (IndexOf(name, first + 1) >= 0)
        {
            problems.Add($"there is more than one column '{name}' ({usedAs}); rename one of them.");
        }

        return first;
    }

    public int IndexOf(string name, int start = 0)
    {
        for (int i = start; i < Columns.Count; i++)
            if (Columns[i] == name)
                return i;
        return -1;
    }

    private static Table Read(string path, CsvReader reader, ProblemList problems)
    {
        string[] columns = [.. reader.Headers.Select(c => c.Trim())];
        if (columns.All(c => c.Length == 0))
            throw new PluginUserException($"'{path}' is empty; expected a header and one row a clip.");
        var rows = new List<Row>();
        while (reader.Read())
        {
            var row = new Row((int)reader.LineNumber, reader.Current.ToArray());
            if (Array.Exists(row.Cells, c => c.Contains('\0', StringComparison.Ordinal)))
                throw new PluginUserException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{path}', row {row.Number}, holds a zero byte: the file is damaged, or no text."
                    )
                );
            if (row.Cells.All(c => c.Length == 0))
                continue;
            rows.Add(row);

            // Most often an unquoted decimal comma, which would shift every later rating by a column.
            if (row.Cells.Skip(columns.Length).Any(c => c.Length > 0))
                problems.Add(
                    row,
                    $"it has {row.Cells.Length} cells, but the header has {columns.Length}; put cells that contain '{reader.Separator}' "
                        + $"in quotes."
                );
        }

        return rows.Count > 0 ? new Table(columns, rows) : throw new PluginUserException($"'{path}' has a header but no rows.");
    }
}
