using System.Globalization;
using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>An entry that a store does not believe, and has moved out of the way.</summary>
/// <param name="Entry">Its kind and key, as a path in the store.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Place">Where it lies now.</param>
public sealed record PutAside(string Entry, string Reason, string Place);

/// <summary>A folder of finished work, such as <c>.merbench</c>: entries by kind and content key, each with checksums of its files. What is
/// damaged, incomplete, of a newer version or of another key is put aside when it is read, and computed again.</summary>
/// <param name="tell">Hears of what is put aside; calls come one at a time, from any thread.</param>
public sealed class StoreFolder(string path, Action<PutAside>? tell = null)
{
    /// <summary>Where entries that were put aside lie, by kind.</summary>
    public const string Damaged = "damaged";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly Lock _telling = new();

    public string Path { get; } = path;

    /// <summary>Deletes what killed processes have left behind half written, as far as this user may.</summary>
    public void Sweep()
    {
        foreach (string kind in EntryKind.All.Select(FolderOf).Where(Directory.Exists))
        {
            try
            {
                TemporaryName.Sweep(kind, Patience);
                foreach (string group in Directory.EnumerateDirectories(kind))
                    TemporaryName.Sweep(group, Patience);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It takes room, and harms nobody.
            }
        }
    }

    internal string FolderOf(EntryKind kind) => System.IO.Path.Combine(Path, kind.Name);

    /// <summary>Moves an entry into <see cref="Damaged"/>, unless another process just did.</summary>
    /// <exception cref="DiskException">It cannot be moved.</exception>
    internal void PutAside(EntryKind kind, string path, string reason)
    {
        string place = FreePlace(kind, path);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
            if (Directory.Exists(path))
                Directory.Move(path, place);
            else
                File.Move(path, place);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e, $"It is damaged ({reason}) and has to be moved away. ");
        }

        lock (_telling)
            tell?.Invoke(new PutAside(System.IO.Path.GetRelativePath(Path, path), reason, place));
    }

    /// <summary>Explains why something cannot be written into the store.</summary>
    internal DiskException Unwritable(string path, Exception reason, string before = "") =>
        DiskException.Explain(
            path,
            reason,
            $"{before}Make the store '{Path}' writable and make room, or name another one by --cache; what is finished is kept, and the "
                + "same command continues."
        );

    private string FreePlace(EntryKind kind, string path)
    {
        string place = System.IO.Path.Combine(Path, Damaged, kind.Name, System.IO.Path.GetFileName(path)),
            free = place;
        for (int n = 2; System.IO.Path.Exists(free); n++)
            free = string.Create(CultureInfo.InvariantCulture, $"{place}-{n}");
        return free;
    }
}
