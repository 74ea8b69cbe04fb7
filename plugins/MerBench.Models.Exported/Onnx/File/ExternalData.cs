using System.Globalization;
using MerBench.Host.Text;

namespace MerBench.Models.Exported.Onnx.File;

/// <summary>Weights in files beside the graph, as exporters write them for large models. Only files in the graph's own folder or below it
/// are read.</summary>
internal sealed class ExternalData(string graphFile)
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <param name="place"><c>location</c>, and perhaps <c>offset</c> and <c>length</c>.</param>
    /// <exception cref="InvalidOnnxException">It is missing, too short, or somewhere else.</exception>
    public ReadOnlyMemory<byte> Read(IReadOnlyDictionary<string, string> place, string tensor)
    {
        string location = place.GetValueOrDefault("location", "");
        byte[] file = Open(location, tensor);
        long offset = Number(place, "offset") ?? 0;
        long length = Number(place, "length") ?? file.Length - offset;
        if (offset < 0 || length < 0 || offset > file.Length || length > file.Length - offset)
            throw new InvalidOnnxException(
                $"keeps '{GuestText.Name(tensor)}' in {GuestText.Name(location)}, which has {ShortList.Count(file.Length)} bytes, too few: "
                    + $"copy that file again"
            );
        return file.AsMemory((int)offset, (int)length);
    }

    private byte[] Open(string location, string tensor)
    {
        if (_files.TryGetValue(location, out byte[]? known))
            return known;
        string folder = Path.GetDirectoryName(Path.GetFullPath(graphFile))!;
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location))
            throw Elsewhere(location, tensor);
        string path = Path.GetFullPath(Path.Combine(folder, location));
        string real = RealPath(path);
        if (!IsWithin(folder, path) || !IsWithin(RealPath(folder), real))
            throw Elsewhere(location, tensor);
        if (!System.IO.File.Exists(path))
            throw new InvalidOnnxException(
                $"keeps its weights in {GuestText.Name(location)}, which is not there: copy it beside the graph"
            );
        return _files[location] = System.IO.File.ReadAllBytes(path);
    }

    private static bool IsWithin(string folder, string path) =>
        path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // With links followed, in every folder on the way.
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string part in Path.GetRelativePath(real, path).Split(Path.DirectorySeparatorChar))
        {
            real = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            if (entry.LinkTarget is not null)
                real = entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }

        return real;
    }

    private static InvalidOnnxException Elsewhere(string location, string tensor) =>
        new(
            $"keeps '{GuestText.Name(tensor)}' in '{GuestText.Name(location)}', outside the folder of the graph, where nothing is read: "
                + $"save it with its weights beside it"
        );

    private static long? Number(IReadOnlyDictionary<string, string> place, string key)
    {
        if (!place.TryGetValue(key, out string? text))
            return null;
        return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : -1;
    }
}
