namespace MerBench.Host.Storage;

/// <summary>Something that lies in a store.</summary>
/// <param name="Kind">The name of its <see cref="EntryKind"/>, or <see cref="Temporary"/> or <see cref="StoreFolder.Damaged"/>.</param>
/// <param name="Name">Its path in the store.</param>
/// <param name="Path">The same, absolute.</param>
/// <param name="Used">When it was last read or written.</param>
/// <param name="WhyUseless">Why nobody will ever read it; null where somebody may.</param>
public sealed record StoredItem(string Kind, string Name, string Path, long Bytes, DateTimeOffset Used, string? WhyUseless)
{
    /// <summary>What is being written, or was by a process that is gone.</summary>
    public const string Temporary = "temporary";

    /// <summary>Whether it is of a version that wrote no checksums; it gets them when it is used.</summary>
    public bool IsUnsealed =>
        Kind is not (Temporary or StoreFolder.Damaged)
        && (Directory.Exists(Path) ? !Sealed.Any() : !Path.EndsWith(SealedFile.Extension, StringComparison.Ordinal));

    // Of a training that was interrupted, each epoch is sealed for itself.
    private IEnumerable<string> Sealed => new[] { Path }.Concat(Directory.GetDirectories(Path)).Where(EntryManifest.IsIn);

    /// <summary>Reads it, and says what is wrong with it; null where nothing is, or where it has no checksums.</summary>
    public string? FindFault()
    {
        if (Kind is Temporary or StoreFolder.Damaged || IsUnsealed)
            return null;
        string key = System.IO.Path.GetFileNameWithoutExtension(Path);
        if (Directory.Exists(Path))
            return Sealed
                .Select(folder =>
                    EntryManifest.FindFault(folder, Kind, folder == Path ? key : $"{key}/{System.IO.Path.GetFileName(folder)}")
                )
                .FirstOrDefault(fault => fault is not null);
        try
        {
            return SealedFile.Open(File.ReadAllBytes(Path), EntryKind.All.First(k => k.Name == Kind), key).Fault;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return EntryManifest.Unreadable("it", e);
        }
    }
}
