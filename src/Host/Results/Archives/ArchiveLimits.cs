using System.IO.Compression;
using MerBench.Host.Text;

namespace MerBench.Host.Results.Archives;

/// <summary>What an archive may hold, so that a hostile one neither fills the disk nor writes outside its folder. Tables are compressed
/// already, so that archives of runs grow little when they are unpacked.</summary>
internal static class ArchiveLimits
{
    private const int MostEntries = 20_000;
    private const long MostBytes = 16L << 30;
    private const long HarmlessBytes = 256L << 20;
    private const int MostTimesTheArchive = 100;

    /// <summary>Why an archive is not unpacked; null where nothing speaks against it.</summary>
    /// <param name="length">Of the archive's file.</param>
    public static string? FindFault(ZipArchive archive, long length)
    {
        if (archive.Entries.Count > MostEntries)
            return $"it holds {Quantity.Write(archive.Entries.Count, "file")}, and a run's has at most {MostEntries}";
        if (archive.Entries.FirstOrDefault(e => LeadsOut(e.FullName)) is { } climbing)
            return $"its entry '{GuestText.Name(climbing.FullName)}' leads out of the archive";
        if (archive.Entries.FirstOrDefault(e => e.Length < 0) is { } negative)
            return $"its entry '{GuestText.Name(negative.FullName)}' has no length";
        long unpacked = 0;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (entry.Length > MostBytes || (unpacked += entry.Length) > MostBytes)
                return $"it would be larger than {MostBytes >> 30} GB when unpacked";
        }

        return unpacked > HarmlessBytes && unpacked / MostTimesTheArchive > length
            ? $"it would be more than {MostTimesTheArchive} times as large when unpacked"
            : null;
    }

    private static bool LeadsOut(string name) =>
        name.Contains('\\', StringComparison.Ordinal)
        || name.Contains('\0', StringComparison.Ordinal)
        || name.Contains(':', StringComparison.Ordinal)
        || (name.EndsWith('/') ? name[..^1] : name).Split('/').Any(part => part is "" or ".." or ".");
}
