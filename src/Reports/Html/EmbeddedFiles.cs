using MerBench.Reports.Figures;
using MerBench.Reports.Listening;

namespace MerBench.Reports.Html;

/// <summary>Sounds and pictures of a folder as data URIs, sounds as long as they do not make a page too large.</summary>
internal sealed class EmbeddedFiles(string folder, long mostOfSounds)
{
    private long _left = mostOfSounds;

    /// <summary>How many times sounds were refused.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The three sounds of an example, or null where they are gone or too large.</summary>
    public SoundFiles? Sounds(SoundFiles files)
    {
        string[] paths = [.. files.All.Select(f => Path.Combine(folder, f))];
        long size = paths.All(File.Exists) ? paths.Sum(p => new FileInfo(p).Length * 4 / 3) : long.MaxValue;
        if (size > _left)
        {
            LeftOut++;
            return null;
        }

        _left -= size;
        return new SoundFiles(Sound(paths[0]), Sound(paths[1]), Sound(paths[2]));
    }

    /// <summary>A picture, in fewer bytes than its file.</summary>
    public string Picture(string file) =>
        Path.Combine(folder, file) is var path && File.Exists(path) ? Uri(FigureWriter.Compressed(File.ReadAllBytes(path))) : "";

    private static string Sound(string path) =>
        Uri(($"audio/{Path.GetExtension(path)[1..].Replace("mp3", "mpeg", StringComparison.Ordinal)}", File.ReadAllBytes(path)));

    private static string Uri((string Type, byte[] Content) file) => $"data:{file.Type};base64,{Convert.ToBase64String(file.Content)}";
}
