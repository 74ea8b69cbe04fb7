using System.Text.RegularExpressions;
using MerBench.Host.Text;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Finds the audio file of a row.</summary>
internal sealed partial class AudioFiles
{
    private static readonly string[] s_extensions = [".wav", ".flac", ".mp3", ".ogg"];

    private readonly string _folder;
    private readonly string? _pattern;
    private readonly int? _fileColumn;
    private readonly FolderFiles _files = new();
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    public AudioFiles(AudioCsvOptions options, Table table, int idColumn, ProblemList problems)
    {
        _folder = Path.GetFullPath(options.Audio);
        if (!Directory.Exists(_folder))
            problems.Add($"the folder of audio files '{_folder}' does not exist ('audio').");
        if (options is { File: not null, FileColumn: not null })
            problems.Add("'file' and 'file-column' exclude each other.");
        if (options.FileColumn is not null)
            _fileColumn = table.Find(options.FileColumn, "file-column", problems);
        _pattern = options.File;
        if (_pattern is null)
            return;
        foreach (
            string name in PlaceholderPattern().Matches(_pattern).Select(m => m.Groups["column"].Value).Distinct(StringComparer.Ordinal)
        )
            _columns.Add(name, name == "id" ? idColumn : table.Find(name, $"in file '{_pattern}'", problems));
        if (_columns.Count == 0)
            problems.Add($"file '{_pattern}' is the same for every clip; expected a pattern such as '{{id}}.mp3'.");
    }

    /// <summary>The absolute path; null and a problem where there is no such file.</summary>
    public string? Find(Row row, string id, ProblemList problems)
    {
        string[] candidates = Candidates(row, id);
        string[] paths = [.. candidates.Select(c => Path.GetFullPath(Path.Combine(_folder, c)))];
        string[] found = paths.Select(_files.Find).FirstOrDefault(f => f.Length > 0) ?? [];
        if (found.Length == 1)
            return found[0];
        string looked = string.Join(" or ", candidates.Select(c => $"'{GuestText.Name(c)}'"));
        string problem = $"clip '{GuestText.Name(id)}' has no audio file {looked} in '{_folder}'.";
        if (found.Length > 1)
            problem += $" There are {ShortList.Write([.. found.Select(f => $"'{Path.GetFileName(f)}'")])}, which differ from it by case.";
        else if (_files.Alike(paths[0]).FirstOrDefault() is { } alike)
            problem += $" Did you mean '{GuestText.Name(alike)}'? 'file' and 'file-column' say how files are named.";
        problems.Add(row, problem, DataIssueKind.Missing);
        return null;
    }

    /// <summary>Audio files of the folder and its folders that no clip uses, relative to it.</summary>
    public IEnumerable<string> Unused(IReadOnlySet<string> used) =>
        Directory
            .EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Where(f => s_extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase) && !used.Contains(f))
            .Select(f => Path.GetRelativePath(_folder, f))
            .Order(StringComparer.Ordinal);

    private string[] Candidates(Row row, string id)
    {
        if (_fileColumn is { } column)
            return [row[column]];
        if (_pattern is not null)
            return [PlaceholderPattern().Replace(_pattern, m => row[_columns[m.Groups["column"].Value]])];
        bool hasExtension = s_extensions.Contains(Path.GetExtension(id), StringComparer.OrdinalIgnoreCase);
        return hasExtension ? [id] : [.. s_extensions.Select(e => id + e)];
    }

    [GeneratedRegex(@"\{(?<column>[^{}]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlaceholderPattern();
}
