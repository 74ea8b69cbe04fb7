namespace MerBench.Datasets.AudioCsv;

/// <summary>A published dataset's folder, whose parts lie in one of a few places.</summary>
internal sealed class DatasetTree(string dataset, string root)
{
    /// <exception cref="PluginUserException">It lies in none of them.</exception>
    public string File(params ReadOnlySpan<string> places) => Find(places, System.IO.File.Exists, "file");

    /// <summary>The file, or null where there is none.</summary>
    public string? FindFile(params ReadOnlySpan<string> places) => FirstOf(places, System.IO.File.Exists);

    /// <exception cref="PluginUserException">It lies in none of them.</exception>
    public string Folder(params ReadOnlySpan<string> places) => Find(places, Directory.Exists, "folder");

    private string Find(ReadOnlySpan<string> places, Predicate<string> exists, string kind) =>
        FirstOf(places, exists)
        ?? throw new PluginUserException(
            $"{dataset}: there is no {kind} '{string.Join("' or '", places.ToArray())}' in '{root}'. Unpack the dataset there, or set "
                + $"'root' to where it lies."
        );

    private string? FirstOf(ReadOnlySpan<string> places, Predicate<string> exists)
    {
        foreach (string place in places)
            if (exists(Path.Combine(root, place)))
                return Path.GetFullPath(Path.Combine(root, place));
        return null;
    }
}
