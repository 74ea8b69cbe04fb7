using System.Security.Cryptography;

namespace MerBench.Reports.Archives;

/// <summary>A file that goes into an archive: one of the run, or one that is written for it.</summary>
/// <param name="Name">Below the archive's root, with <c>/</c> between folders.</param>
/// <param name="Meaning">What it is, for people.</param>
internal sealed record ArchiveEntry(string Name, string Meaning, Func<Stream> Open)
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".json"] = "application/json",
        [".yaml"] = "application/yaml",
        [".cff"] = "application/yaml",
        [".md"] = "text/markdown",
        [".html"] = "text/html",
        [".bib"] = "application/x-bibtex",
        [".tex"] = "application/x-tex",
        [".parquet"] = "application/vnd.apache.parquet",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".pdf"] = "application/pdf",
        [".wav"] = "audio/wav",
        [".flac"] = "audio/flac",
        [".mp3"] = "audio/mpeg",
    };

    /// <summary>Its media type.</summary>
    public string Type => Types.GetValueOrDefault(Path.GetExtension(Name), "application/octet-stream");

    /// <summary>Whether its format compresses already.</summary>
    public bool IsCompressed => Path.GetExtension(Name) is ".parquet" or ".png" or ".pdf" or ".flac" or ".mp3";

    public static ArchiveEntry OfFile(string name, string meaning, string path) => new(name, meaning, () => File.OpenRead(path));

    public static ArchiveEntry OfText(string name, string meaning, string text) =>
        new(name, meaning, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text), writable: false));

    public (long Bytes, string Sha256) Measure()
    {
        using Stream content = Open();
        return (content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
