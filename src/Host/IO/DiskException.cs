using System.Globalization;

namespace MerBench.Host.IO;

/// <summary>A disk does not take what is written: it is full, read-only, failing, or closed to this user. The message names path, disk and
/// what to do.</summary>
public sealed class DiskException : IOException
{
    private const int OperationNotPermitted = 1,
        PermissionDenied = 13,
        FileTooLarge = 27,
        NoSpace = 28,
        ReadOnly = 30,
        QuotaExceeded = 122;

    private static readonly Dictionary<string, int> s_words = new(StringComparer.Ordinal)
    {
        ["No space left on device"] = NoSpace,
        ["Disk quota exceeded"] = QuotaExceeded,
        ["Read-only file system"] = ReadOnly,
        ["Permission denied"] = PermissionDenied,
        ["Operation not permitted"] = OperationNotPermitted,
        ["File too large"] = FileTooLarge,
    };

    private DiskException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>Explains why a path cannot be written.</summary>
    /// <param name="advice">What to do but free space; one sentence.</param>
    public static DiskException Explain(string path, Exception reason, string advice = "Make room there, or write to another folder.") =>
        reason as DiskException ?? new DiskException($"{path} cannot be written: {Why(reason)}{DiskOf(path)}. {advice}", reason);

    /// <summary>Whether an exception says that a disk is full, limited or read-only, whoever wrote to it: nobody's code is to blame for
    /// that.</summary>
    public static bool IsMeantBy(Exception reason) =>
        reason is DiskException || (reason is IOException && reason.HResult is NoSpace or ReadOnly or QuotaExceeded or FileTooLarge);

    /// <summary>Whether an exception of a write comes from the disk. .NET takes the limit of file sizes for a wrong argument.</summary>
    public static bool CanExplain(Exception reason) =>
        reason is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    private static string Why(Exception reason) =>
        Number(reason) switch
        {
            NoSpace => "the disk is full",
            QuotaExceeded => "the disk quota is used up",
            ReadOnly => "the disk is read-only",
            FileTooLarge => "the file would be larger than the system allows (ulimit -f)",
            PermissionDenied or OperationNotPermitted => $"user '{Environment.UserName}' may not write there",
            _ => reason.Message.Split('\n')[0].TrimEnd('.'),
        };

    // .NET gives permissions a type of their own, with the system's error inside.
    private static int Number(Exception reason) =>
        reason switch
        {
            UnauthorizedAccessException => reason.InnerException?.HResult ?? PermissionDenied,
            ArgumentOutOfRangeException => FileTooLarge,
            IOException => reason.HResult,
            // Of native libraries only the system's words are known; their numbers mean something else.
            _ => s_words.FirstOrDefault(w => reason.Message.Contains(w.Key, StringComparison.Ordinal)).Value,
        };

    private static string DiskOf(string path)
    {
        try
        {
            string absolute = Path.GetFullPath(path);
            DriveInfo? disk = DriveInfo.GetDrives().Where(d => IsBelow(absolute, d.Name)).MaxBy(d => d.Name.Length);
            return disk is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $" (disk {disk.Name}, {disk.AvailableFreeSpace / 1e6:#,0.0} of {disk.TotalSize / 1e6:#,0.0} MB free)"
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || folder == "/";
}
