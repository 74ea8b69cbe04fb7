using CsvHelper;
using MerBench.Host.Text;

namespace MerBench.Host.Drafts;

/// <summary>A table of ratings as it lies on disk, before anything is known of it.</summary>
internal sealed record RatingsTable(string Path, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows)
{
    /// <exception cref="UserErrorException">It is no table, or has no rows.</exception>
    public static RatingsTable Read(string path)
    {
        try
        {
            RequireText(path);
            using CsvReader reader = CsvReader.FromFile(path, new CsvReaderOptions { TrimWhitespace = true, TrimInsideQuotes = true });
            string[] columns = [.. reader.Headers.Select(h => h.Trim().TrimStart('\uFEFF'))];
            var rows = new List<string[]>();
            while (reader.Read())
            {
                string[] cells = reader.Current.ToArray();
                if (!cells.All(string.IsNullOrWhiteSpace))
                    rows.Add([.. columns.Select((_, i) => i < cells.Length ? cells[i].Trim() : "")]);
            }

            return rows.Count > 0 ? new RatingsTable(path, columns, rows) : throw new UserErrorException($"{path} has no rows.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            throw new UserErrorException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }

    public IEnumerable<string> Cells(int column) => Rows.Select(row => row[column]);

    private static void RequireText(string path)
    {
        if (FileFormat.FindWhyNoText(path) is { } format)
            throw new UserErrorException($"{path} is no table: it is {format.TrimEnd('.')}. Save it as CSV in UTF-8.");
    }
}
