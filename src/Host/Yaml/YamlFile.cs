using System.Text;
using MerBench.Host.Text;

namespace MerBench.Host.Yaml;

/// <summary>Reads YAML files as text, no more of them than a benchmark needs.</summary>
internal static class YamlFile
{
    private const int LargestBytes = 4 << 20;

    /// <summary>The text, or null and a problem.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Read(string path, ICollection<BenchmarkProblem> problems)
    {
        byte[] content = ReadStart(path);
        string? reason = null;
        if (FileFormat.Recognise(content) is { } format)
            reason = $"the benchmark file is {format}";
        else if (content.Length > LargestBytes)
            reason = $"the benchmark file is larger than {LargestBytes >> 20} MB";
        else if (FileFormat.ReasonToThinkItNoText(content.AsSpan(0, Math.Min(content.Length, FileFormat.Looked))) is { } noText)
            reason = $"the benchmark file is {noText}";
        if (reason is null)
            return Decode(content);
        problems.Add(
            new BenchmarkProblem(new SourceLocation(path, 1, 1), reason, "a benchmark file is YAML; 'merbench init' writes an example")
        );
        return null;
    }

    // Not all files know their length: pipes do not.
    private static byte[] ReadStart(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var content = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (content.Length <= LargestBytes && file.Read(buffer) is > 0 and var read)
            content.Write(buffer, 0, read);
        return content.ToArray();
    }

    // With the mark of its encoding, if there is one.
    private static string Decode(byte[] content)
    {
        using var reader = new StreamReader(new MemoryStream(content, writable: false), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
