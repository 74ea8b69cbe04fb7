using System.Text;

namespace MerBench.Host.Data;

/// <summary>Remarks about recordings by their content: whose features are cached is not decoded again, and is no better for it.</summary>
internal sealed class RemarkCache(string folder)
{
    private readonly CheckedFiles _files = new(folder);

    public IReadOnlyList<string> Read(string contentHash) =>
        _files.Read(contentHash) is { } bytes ? Encoding.UTF8.GetString(bytes).Split('\n') : [];

    public void Write(string contentHash, IReadOnlyList<string> remarks) =>
        _files.Write(contentHash, Encoding.UTF8.GetBytes(string.Join('\n', remarks)));
}
