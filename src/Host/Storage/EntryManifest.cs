using System.Security.Cryptography;
using System.Text.Json;
using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>What a file of an entry must be.</summary>
internal sealed record FileSeal(long Bytes, string Sha256);

/// <summary>The manifest of a folder: which files belong to it, with length and checksum. It is written last, so that a folder without one
/// is unfinished, or of a version that wrote none.</summary>
/// <param name="Format">Version of this layout.</param>
/// <param name="Kind">What the folder is.</param>
/// <param name="Key">Whose it is among those of its kind.</param>
internal sealed record EntryManifest(int Format, string Kind, string Key, IReadOnlyDictionary<string, FileSeal> Files)
{
    public const string FileName = "manifest.json";
    private const int Current = 1;

    public static bool IsIn(string folder) => Path.Exists(Path.Combine(folder, FileName));

    /// <summary>Seals a folder's files as they are.</summary>
    /// <param name="files">Their names, with <c>/</c> between folders; null for all directly in it.</param>
    public static void Write(string folder, string kind, string key, IEnumerable<string>? files = null)
    {
        files ??= Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(f => f != FileName);
        var seals = files.Order(StringComparer.Ordinal).ToDictionary(f => f, f => Seal(Path.Combine(folder, f)), StringComparer.Ordinal);
        AtomicFile.Write(
            Path.Combine(folder, FileName),
            JsonSerializer.SerializeToUtf8Bytes(new EntryManifest(Current, kind, key, seals), StorageJson.Written)
        );
    }

    /// <summary>Why a folder with a manifest cannot be believed; null where all is well.</summary>
    /// <param name="key">Null where any will do.</param>
    /// <param name="only">The file whose content is compared; of the others the length. Null for the content of all.</param>
    /// <param name="mayMiss">Whether files may have been deleted.</param>
    public static string? FindFault(string folder, string kind, string? key, string? only = null, bool mayMiss = false)
    {
        try
        {
            EntryManifest? manifest = JsonSerializer.Deserialize<EntryManifest>(
                File.ReadAllBytes(Path.Combine(folder, FileName)),
                StorageJson.Written
            );
            if (manifest is null or { Files: null } or { Format: < Current })
                return $"{FileName} is damaged";
            if (manifest.Format > Current)
                return $"it is of a newer version of MerBench (format {manifest.Format})";
            if (manifest.Kind != kind || (key is not null && manifest.Key != key))
                return $"{FileName} is that of another entry ({manifest.Kind}/{manifest.Key})";
            return manifest
                .Files.Where(f => !mayMiss || Path.Exists(Path.Combine(folder, f.Key)))
                .Select(f => FindFault(folder, f.Key, f.Value, only is null || only == f.Key))
                .FirstOrDefault(fault => fault is not null);
        }
        catch (JsonException)
        {
            return $"{FileName} is damaged";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists(Path.Combine(folder, FileName)) ? $"{FileName} is a folder" : Unreadable(FileName, e);
        }
    }

    /// <summary>Why a file cannot be read, in a few words.</summary>
    internal static string Unreadable(string name, Exception e) =>
        e is FileNotFoundException or DirectoryNotFoundException
            ? $"{name} is missing"
            : $"{name} cannot be read: {e.Message.TrimEnd('.')}";

    private static string? FindFault(string folder, string name, FileSeal? seal, bool readsContent)
    {
        if (seal?.Sha256 is null)
            return $"{FileName} is damaged";
        try
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (Directory.Exists(file.FullName))
                return $"{name} is a folder";
            if (file.Length != seal.Bytes)
                return $"{name} has {file.Length} bytes instead of {seal.Bytes}";
            return readsContent && Seal(file.FullName) != seal ? $"{name} is damaged (its checksum is another)" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(name, e);
        }
    }

    private static FileSeal Seal(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new FileSeal(stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
