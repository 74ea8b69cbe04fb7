using System.Text;

namespace MerBench.Tests;

/// <summary>A synthetic dataset tree that is deleted at the end. Its audio files hold no audio: loading never decodes.</summary>
internal sealed class DatasetFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("merbench-").FullName;

    public void Audio(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
            Text(path, "audio of " + path);
    }

    public void Text(string path, string content, bool byteOrderMark = false)
    {
        string file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content, new UTF8Encoding(byteOrderMark));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
