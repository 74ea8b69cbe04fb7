using System.Text;
using MerBench.Host.Storage;

namespace MerBench.Host.Data;

/// <summary>Remarks about recordings by their content: whose features are cached is not decoded again, and is no better for it.</summary>
internal sealed class RemarkCache(StoreFolder store)
{
    private readonly FileEntries _entries = new(store, EntryKind.Remarks);

    public IReadOnlyList<string> Read(string contentHash) =>
        _entries.Read(contentHash) is { } bytes ? Encoding.UTF8.GetString(bytes.Span).Split('\n') : [];

    public void Write(string contentHash, IReadOnlyList<string> remarks) =>
        _entries.Write(contentHash, Encoding.UTF8.GetBytes(string.Join('\n', remarks)));
}
