using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>Entries that are single files, <c>KEY.entry</c>, see <see cref="SealedFile"/>.</summary>
internal sealed class FileEntries(StoreFolder store, EntryKind kind)
{
    /// <summary>The content as it was written; null where there is none. A file that is not as it was is put aside.</summary>
    /// <param name="openOld">Takes the content out of a file of a version that wrote no such line; null where it is not whole. It is
    /// written anew then. Null where older files are of no use.</param>
    public ReadOnlyMemory<byte>? Read(string key, Func<byte[], byte[]?>? openOld = null)
    {
        string path = PathOf(key);
        if (ReadFile(path) is { } read)
        {
            (ReadOnlyMemory<byte> content, string? fault) = read.Bytes is null
                ? (default, read.Fault)
                : SealedFile.Open(read.Bytes, kind, key);
            if (fault is null)
            {
                LastUse.Note(path);
                return content;
            }

            store.PutAside(kind, path, fault);
        }

        return openOld is null ? null : Adopt(key, openOld);
    }

    /// <summary>Keys of all entries that begin so, by their names alone.</summary>
    public IReadOnlyList<string> Find(string prefix) =>
        Directory.Exists(store.FolderOf(kind))
            ?
            [
                .. Directory
                    .EnumerateFiles(store.FolderOf(kind), $"{prefix}*{SealedFile.Extension}")
                    .Select(file => Path.GetFileNameWithoutExtension(file)!)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <exception cref="DiskException">It cannot be written.</exception>
    public void Write(string key, ReadOnlySpan<byte> content) => Write(key, content, path => AtomicFile.MoveInto(path, PathOf(key)));

    /// <summary>Writes unless there is an entry already; returns what is there then: of several writers the first decides.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public ReadOnlyMemory<byte> WriteFirst(string key, byte[] content)
    {
        ReadOnlyMemory<byte>? first = null;
        Write(
            key,
            content,
            path =>
            {
                while (first is null && !AtomicFile.TryMoveIntoFree(path, PathOf(key)))
                    // Null where it was damaged, and is put aside now.
                    first = Read(key);
            }
        );
        return first ?? content;
    }

    private void Write(string key, ReadOnlySpan<byte> content, Action<string> moveToPlace)
    {
        string folder = store.FolderOf(kind),
            temporary = Path.Combine(folder, TemporaryName.Create());
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                using (FileStream stream = File.Create(temporary))
                {
                    stream.Write(SealedFile.Line(kind, key, content));
                    stream.Write(content);
                    stream.Flush(flushToDisk: true);
                }

                moveToPlace(temporary);
            }
            finally
            {
                TemporaryName.Delete(temporary);
            }
        }
        catch (Exception e) when (DiskException.CanExplain(e))
        {
            throw store.Unwritable(PathOf(key), e);
        }
    }

    // Older versions had each kind's own extension, and large kinds in groups.
    private ReadOnlyMemory<byte>? Adopt(string key, Func<byte[], byte[]?> openOld)
    {
        string flat = Path.Combine(store.FolderOf(kind), key + kind.OldExtension),
            grouped = Path.Combine(store.FolderOf(kind), key[..2], key + kind.OldExtension);
        string old = Path.Exists(flat) ? flat : grouped;
        if (ReadFile(old) is not { } read)
            return null;
        if (read.Bytes is null || openOld(read.Bytes) is not { } content)
        {
            store.PutAside(kind, old, read.Fault ?? "it is damaged");
            return null;
        }

        try
        {
            Write(key, content);
            File.Delete(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A store that is read-only for this user: it is looked at again next time.
        }

        return content;
    }

    private string PathOf(string key) => Path.Combine(store.FolderOf(kind), key + SealedFile.Extension);

    private static (byte[]? Bytes, string? Fault)? ReadFile(string path)
    {
        try
        {
            return (File.ReadAllBytes(path), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists(path) ? (null, "it is a folder") : (null, $"it cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}
