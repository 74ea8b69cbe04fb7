using System.IO.Compression;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Results.Archives;

namespace MerBench.Reports.Archives;

/// <summary>A run as one file, for a repository such as Zenodo: the same run makes the same bytes.</summary>
public static class RunArchive
{
    // What zip writes for a file that everybody may read.
    private const int Permissions = unchecked((int)0x81A4_0000);

    // The earliest that a zip can hold: when files came to be is no part of what they are.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="withAudio">Whether sounds go along, which belong to the dataset.</param>
    /// <returns>The names of what is in it.</returns>
    /// <exception cref="UserErrorException">The results cannot be read.</exception>
    /// <exception cref="DiskException">The archive cannot be written.</exception>
    public static IReadOnlyList<string> Write(RunFolder run, string path, ArchiveTerms terms, bool withAudio)
    {
        RunResults results = run.ReadResults();
        IReadOnlyList<ArchiveEntry> entries = ArchiveContent.List(run, results, terms, withAudio);
        var description = ArchiveEntry.OfText(
            CrateFiles.Description,
            "What is in here, for programs",
            CrateDescription.Write(results, terms, entries)
        );
        ArchiveEntry[] all = [description, .. entries];
        AtomicFile.Write(
            path,
            stream =>
            {
                using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
                foreach (ArchiveEntry entry in all)
                    Add(archive, entry);
            }
        );
        return [.. all.Select(e => e.Name)];
    }

    private static void Add(ZipArchive archive, ArchiveEntry entry)
    {
        ZipArchiveEntry packed = archive.CreateEntry(
            entry.Name,
            entry.IsCompressed ? CompressionLevel.NoCompression : CompressionLevel.Optimal
        );
        packed.LastWriteTime = NoTime;
        packed.ExternalAttributes = Permissions;
        using Stream from = entry.Open();
        using Stream to = packed.Open();
        from.CopyTo(to);
    }
}
