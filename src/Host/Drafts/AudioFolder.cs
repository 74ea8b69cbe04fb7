namespace MerBench.Host.Drafts;

/// <summary>The folder with the most audio files in or below another one.</summary>
internal sealed record AudioFolder(string Path, IReadOnlyList<string> Files)
{
    /// <summary>What is found without its ending being named.</summary>
    public static readonly IReadOnlyList<string> UsualEndings = [".wav", ".flac", ".mp3", ".ogg"];

    private static readonly string[] OtherEndings = [".m4a", ".aac", ".opus", ".aif", ".aiff", ".wma"];

    private const int Depth = 3;

    /// <exception cref="UserErrorException">There is none.</exception>
    public static AudioFolder Find(string folder)
    {
        var found = Directory
            .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Depth })
            .Where(IsAudio)
            .GroupBy(f => System.IO.Path.GetDirectoryName(f)!, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .FirstOrDefault();
        return found is not null
            ? new AudioFolder(found.Key, [.. found.Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal)])
            : throw new UserErrorException($"{folder} holds no audio: expected {string.Join(", ", UsualEndings)} files in or below it.");
    }

    private static bool IsAudio(string file) =>
        UsualEndings.Concat(OtherEndings).Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
