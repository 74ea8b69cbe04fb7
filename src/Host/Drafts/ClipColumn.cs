namespace MerBench.Host.Drafts;

/// <summary>The column of a table that names audio files.</summary>
/// <param name="HasEndings">Whether cells are names of files, with their endings, and not ids.</param>
/// <param name="Ending">That of the files.</param>
/// <param name="Found">Rows whose file is there.</param>
internal sealed record ClipColumn(int Index, bool HasEndings, string Ending, int Found)
{
    /// <summary>The column that names most files; null where none names a half of them.</summary>
    public static ClipColumn? Find(RatingsTable table, AudioFolder audio)
    {
        var byName = audio.Files.ToLookup(f => f, StringComparer.OrdinalIgnoreCase);
        var byStem = audio.Files.ToLookup(f => Path.GetFileNameWithoutExtension(f), StringComparer.OrdinalIgnoreCase);
        return table
            .Columns.SelectMany((_, i) => new[] { Count(table, i, byName, true), Count(table, i, byStem, false) })
            .Where(c => c.Found * 2 >= table.Rows.Count)
            .OrderByDescending(c => c.Found)
            .ThenBy(c => c.Index)
            .FirstOrDefault();
    }

    private static ClipColumn Count(RatingsTable table, int column, ILookup<string, string> files, bool hasEndings)
    {
        string[] found = [.. table.Cells(column).Where(files.Contains).Select(cell => files[cell].First())];
        string ending = found.Length > 0 ? Path.GetExtension(found[0]).ToLowerInvariant() : "";
        return new ClipColumn(column, hasEndings, ending, found.Length);
    }
}
