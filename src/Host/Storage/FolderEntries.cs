using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>Entries that are folders, <c>ab/abcd.../</c>: written beside their place with a manifest, and renamed, so that an entry is
/// whole or not there. Two processes that finish the same work keep one of the two.</summary>
internal sealed class FolderEntries(StoreFolder store, EntryKind kind)
{
    public string PathOf(string key) => Path.Combine(store.FolderOf(kind), key[..2], key);

    /// <summary>Whether there is an entry, by its name alone.</summary>
    public bool Has(string key) => Path.Exists(PathOf(key)) || IsListed(key);

    /// <summary>The folder of an entry whose files are as they were written; null where there is none. One that is not so is put
    /// aside.</summary>
    /// <param name="findFaultOfOld">Looks at an entry of a version that wrote no manifests: what is wrong with it, or null. It gets a
    /// manifest then.</param>
    /// <param name="only">See <see cref="EntryManifest.FindFault(string, string, string?, string?, bool)"/>.</param>
    public string? Open(string key, Func<string, string?> findFaultOfOld, string? only = null)
    {
        string place = PathOf(key);
        if (!Has(key))
            return null;
        bool isOld = IsOld(place);
        string? fault = isOld ? findFaultOfOld(place) : EntryManifest.FindFault(place, kind.Name, key, only);
        if (fault is not null)
        {
            store.PutAside(kind, place, fault);
            return null;
        }

        if (isOld)
            Adopt(place, key);
        LastUse.Note(Path.Combine(place, EntryManifest.FileName));
        return place;
    }

    /// <exception cref="DiskException">It cannot be written; nothing is left behind.</exception>
    public string Write(string key, Action<string> writeInto)
    {
        string place = PathOf(key),
            parent = Path.GetDirectoryName(place)!,
            temporary = Path.Combine(parent, TemporaryName.Create());
        try
        {
            Directory.CreateDirectory(temporary);
            try
            {
                writeInto(temporary);
                EntryManifest.Write(temporary, kind.Name, key);
                MoveInto(place, temporary, key);
            }
            finally
            {
                TemporaryName.Delete(temporary);
            }

            return place;
        }
        catch (Exception e) when (DiskException.CanExplain(e))
        {
            throw store.Unwritable(place, e is DiskException ? e.InnerException! : e);
        }
    }

    /// <summary>Takes an entry of another store that was opened there; false where it is here already.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public bool Copy(string key, string from)
    {
        if (Has(key))
            return false;
        Write(
            key,
            folder =>
            {
                foreach (string file in Directory.EnumerateFiles(from).Where(f => Path.GetFileName(f) != EntryManifest.FileName))
                    File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        );
        return true;
    }

    public void PutAside(string key, string reason) => store.PutAside(kind, PathOf(key), reason);

    private void MoveInto(string place, string temporary, string key)
    {
        if (Path.Exists(place))
        {
            // Another process finished the same work first; its entry has the same content.
            if (EntryManifest.FindFault(place, kind.Name, key) is not { } fault)
                return;
            store.PutAside(kind, place, fault);
        }

        // It may be there although the move failed: it happened, or another process finished the same work at this very moment.
        Renaming.Do(() => Directory.Move(temporary, place), () => EntryManifest.FindFault(place, kind.Name, key) is null);
    }

    // Clients of a network's file system remember for up to a minute that a name was not there; a list of the folder is asked for anew.
    private bool IsListed(string key)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(PathOf(key))!, key).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A folder that nobody may look into says nothing of what it lacks.
    private static bool IsOld(string place)
    {
        try
        {
            return Directory.Exists(place)
                && Directory.EnumerateFileSystemEntries(place).All(f => Path.GetFileName(f) != EntryManifest.FileName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Adopt(string place, string key)
    {
        try
        {
            EntryManifest.Write(place, kind.Name, key);
        }
        catch (IOException)
        {
            // A store that is read-only for this user: it is looked at again next time.
        }
    }
}
