namespace MerBench.Datasets.AudioCsv;

/// <summary>Files of folders by names that people wrote: the case may differ, and spreadsheets drop leading zeros.</summary>
internal sealed class FolderFiles
{
    private readonly Dictionary<string, ILookup<string, string>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ILookup<string, string>> _byStem = new(StringComparer.Ordinal);

    /// <summary>The file of that very name, or else all whose names differ from it by case alone.</summary>
    /// <param name="path">Absolute.</param>
    public string[] Find(string path) => File.Exists(path) ? [path] : [.. Files(_byName, path, p => Path.GetFileName(p))];

    /// <summary>Names of files beside it that may be meant: another ending, another case, other leading zeros.</summary>
    /// <param name="path">Absolute.</param>
    public IEnumerable<string> Alike(string path) => Files(_byStem, path, Stem).Select(f => Path.GetFileName(f));

    private static IEnumerable<string> Files(Dictionary<string, ILookup<string, string>> known, string path, Func<string, string> key)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!known.TryGetValue(folder, out ILookup<string, string>? files))
        {
            IEnumerable<string> all = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];
            known[folder] = files = all.ToLookup(key, StringComparer.OrdinalIgnoreCase);
        }

        return files[key(path)];
    }

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path).TrimStart('0');
}
