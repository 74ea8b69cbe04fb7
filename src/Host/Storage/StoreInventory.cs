using System.Text.RegularExpressions;
using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>What lies in a store: entries of all kinds, what was put aside, what is half written. Files of others are not seen.</summary>
public static partial class StoreInventory
{
    /// <exception cref="DiskException">The folder cannot be read.</exception>
    public static IReadOnlyList<StoredItem> List(string store)
    {
        try
        {
            return [.. EntryKind.All.SelectMany(kind => ListKind(store, kind)), .. ListDamaged(store)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UserErrorException($"The store '{store}' cannot be read: {e.Message}", ErrorKind.Environment, e);
        }
    }

    private static IEnumerable<StoredItem> ListKind(string store, EntryKind kind)
    {
        var folder = new DirectoryInfo(Path.Combine(store, kind.Name));
        if (!folder.Exists)
            yield break;
        IEnumerable<FileSystemInfo> groups = folder.EnumerateDirectories().Where(d => IsGroup().IsMatch(d.Name)),
            all = folder.EnumerateFileSystemInfos("*", TemporaryName.Everything);
        foreach (FileSystemInfo group in groups)
            all = all.Concat(((DirectoryInfo)group).EnumerateFileSystemInfos("*", TemporaryName.Everything));
        foreach (FileSystemInfo entry in all)
        {
            if (TemporaryName.IsMeantBy(entry.Name))
                yield return Describe(store, StoredItem.Temporary, entry, WhyUselessWriting(entry));
            else if (IsKey().IsMatch(Path.GetFileNameWithoutExtension(entry.Name)) && IsOf(kind, entry))
                yield return Describe(store, kind.Name, entry, WhyUseless(store, kind, entry));
        }
    }

    private static IEnumerable<StoredItem> ListDamaged(string store) =>
        EntryKind
            .All.Select(kind => new DirectoryInfo(Path.Combine(store, StoreFolder.Damaged, kind.Name)))
            .Where(folder => folder.Exists)
            .SelectMany(folder => folder.EnumerateFileSystemInfos("*", TemporaryName.Everything))
            .Select(entry => Describe(store, StoreFolder.Damaged, entry, "it was put aside"));

    private static bool IsOf(EntryKind kind, FileSystemInfo entry) =>
        kind.IsFolder
            ? entry.Extension.Length == 0
            : entry.Extension == SealedFile.Extension || entry.Extension == kind.OldExtension || IsOutdated(kind, entry);

    // Kinds whose keys hold the version of MerBench, so that no later one asks for what an earlier one wrote.
    private static bool IsOutdated(EntryKind kind, FileSystemInfo entry) =>
        kind.OldExtension is null && entry.Extension is ".txt" or ".json";

    private static string? WhyUseless(string store, EntryKind kind, FileSystemInfo entry)
    {
        if (kind == EntryKind.Checkpoints && Directory.Exists(Path.Combine(store, EntryKind.Models.Name, entry.Name[..2], entry.Name)))
            return "its training is finished";
        return !kind.IsFolder && IsOutdated(kind, entry) ? "it is of an older version" : null;
    }

    private static string? WhyUselessWriting(FileSystemInfo entry) =>
        TemporaryName.IsLeftBehind(entry, TimeSpan.Zero) ? "the process that wrote it is gone" : null;

    private static StoredItem Describe(string store, string kind, FileSystemInfo entry, string? whyUseless)
    {
        string manifest = Path.Combine(entry.FullName, EntryManifest.FileName);
        DateTime used = File.Exists(manifest) ? File.GetLastWriteTimeUtc(manifest) : entry.LastWriteTimeUtc;
        return new StoredItem(
            kind,
            Path.GetRelativePath(store, entry.FullName),
            entry.FullName,
            Size(entry),
            new DateTimeOffset(used),
            whyUseless
        );
    }

    private static long Size(FileSystemInfo entry) =>
        entry switch
        {
            DirectoryInfo folder => folder
                .EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, RecurseSubdirectories = true })
                .Sum(f => f.Length),
            FileInfo file => file.Length,
            _ => 0,
        };

    [GeneratedRegex("^[0-9a-f]{32,64}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsKey();

    [GeneratedRegex("^[0-9a-f]{2}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsGroup();
}
