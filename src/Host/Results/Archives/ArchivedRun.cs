using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Text;

namespace MerBench.Host.Results.Archives;

/// <summary>A run out of its archive: in a folder of its own, which goes away with this.</summary>
public sealed class ArchivedRun : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("merbench-archive-");

    private ArchivedRun() { }

    /// <summary>Where its results lie as long as this is there.</summary>
    public RunFolder Folder { get; private set; } = null!;

    /// <summary>Whether a path is meant to be an archive: a file, but for the results of a run that lie open.</summary>
    public static bool IsMeantBy(string path) => File.Exists(path) && Path.GetFileName(path) != RunFolder.ResultsFile;

    /// <summary>Unpacks an archive that 'merbench archive' has written, and compares each file with its checksum.</summary>
    /// <exception cref="UserErrorException">It is none, is damaged, or is not safe to unpack.</exception>
    public static ArchivedRun Open(string path)
    {
        var run = new ArchivedRun();
        try
        {
            run.Unpack(path);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    public void Dispose() => TemporaryName.Delete(_place.FullName);

    private void Unpack(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            RequireZip(file, path);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            if (ArchiveLimits.FindFault(archive, file.Length) is { } fault)
                throw new UserErrorException($"{path} is not unpacked: {fault}.");
            string name = Path.GetFileNameWithoutExtension(path);
            string target = _place.CreateSubdirectory(name.Length > 0 ? name : "run").FullName;
            Unpack(archive, path, target);
            Folder = RunFolder.Open(target) with { Source = Path.GetFullPath(path) };
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException or NotSupportedException)
        {
            throw new UserErrorException($"{path} is cut off or damaged: {GuestText.Message(e.Message).TrimEnd('.')}.", inner: e);
        }
    }

    private static void Unpack(ZipArchive archive, string path, string target)
    {
        ZipArchiveEntry description =
            archive.Entries.Where(e => e.Name == CrateFiles.Description).MinBy(e => e.FullName.Length)
            ?? throw Missing(path, CrateFiles.Description);
        string root = description.FullName[..^CrateFiles.Description.Length];
        IReadOnlyList<ArchivedFile> files = CrateFiles.Read(Read(description));
        if (files.All(f => f.Name != RunFolder.ResultsFile))
            throw Missing(path, RunFolder.ResultsFile);
        foreach (ArchivedFile file in files)
        {
            ZipArchiveEntry entry =
                archive.GetEntry(root + file.Name) ?? throw new UserErrorException($"{path} is damaged: {file.Name} is missing.");
            if (entry.Length != file.Bytes)
                throw new UserErrorException($"{path} is damaged: {file.Name} has {entry.Length} bytes instead of {file.Bytes}.");
            string place = Path.Combine(target, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            if (Copy(entry, place) != file.Sha256)
                throw new UserErrorException($"{path} is damaged: {file.Name} is not as it was archived (its checksum is another).");
        }
    }

    private static UserErrorException Missing(string path, string file) =>
        new($"{path} holds no archive of a run: {file} is missing. 'merbench archive RUN' writes one.");

    private static void RequireZip(FileStream file, string path)
    {
        byte[] start = new byte[FileFormat.Looked];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (!start.AsSpan(0, read).StartsWith("PK"u8))
        {
            string format = FileFormat.Recognise(start.AsSpan(0, read)) ?? "no zip file";
            throw new UserErrorException(
                $"{path} is no archive of a run: it is {format}. Name a results folder, or a file that 'merbench archive' has written."
            );
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using (Stream packed = entry.Open())
            CopyAtMost(packed, entry.Length, content.Write);
        return content.ToArray();
    }

    private static string Copy(ZipArchiveEntry entry, string place)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream file = File.Create(place);
        using (Stream packed = entry.Open())
            CopyAtMost(
                packed,
                entry.Length,
                part =>
                {
                    hash.AppendData(part);
                    file.Write(part);
                }
            );
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // What an entry says of its length may be a lie.
    private static void CopyAtMost(Stream from, long most, SpanAction write)
    {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        while (from.Read(buffer) is > 0 and var read)
        {
            copied += read;
            if (copied > most)
                throw new InvalidDataException("an entry is longer than it says");
            write(buffer.AsSpan(0, read));
        }
    }

    private delegate void SpanAction(ReadOnlySpan<byte> part);
}
