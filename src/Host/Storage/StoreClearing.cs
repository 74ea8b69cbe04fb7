using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>What of a store may go: what is of no use in any case; with an age also what was not used for so long; with kinds only of
/// these, and without an age all of them.</summary>
/// <param name="Kinds">See <see cref="StoredItem.Kind"/>; empty for all.</param>
public sealed record StoreClearing(IReadOnlyList<string> Kinds, TimeSpan? OlderThan)
{
    /// <summary>What <see cref="Kinds"/> may hold.</summary>
    public static IReadOnlyList<string> KnownKinds { get; } =
    [.. EntryKind.All.Select(k => k.Name), StoredItem.Temporary, StoreFolder.Damaged];

    public bool Concerns(StoredItem item)
    {
        if (Kinds.Count > 0 && !Kinds.Contains(item.Kind, StringComparer.Ordinal))
            return false;
        if (item.WhyUseless is not null)
            return true;
        // Somebody is at it.
        if (item.Kind == StoredItem.Temporary)
            return false;
        return OlderThan is { } age ? DateTimeOffset.UtcNow - item.Used > age : Kinds.Count > 0;
    }

    /// <summary>Deletes items. Folders vanish at once, so that nobody reads half of one.</summary>
    /// <exception cref="DiskException">One cannot be deleted.</exception>
    public static void Delete(IEnumerable<StoredItem> items)
    {
        foreach (StoredItem item in items)
        {
            try
            {
                Delete(item.Path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Another process was faster.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DiskException.Explain(item.Path, e, "What was deleted before it is gone.");
            }
        }
    }

    private static void Delete(string path)
    {
        string parent = Path.GetDirectoryName(path)!;
        if (Directory.Exists(path))
        {
            string going = Path.Combine(parent, TemporaryName.Create());
            Directory.Move(path, going);
            Directory.Delete(going, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        if (!Directory.EnumerateFileSystemEntries(parent).Any())
            Directory.Delete(parent);
    }
}
