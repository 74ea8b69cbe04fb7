using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.IO;

/// <summary>Names of what is being written. They say which process writes, so that what a killed one left behind is known for it.</summary>
public static partial class TemporaryName
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>A new name beside others; hidden, as it begins with a dot.</summary>
    public static string Create() =>
        string.Create(CultureInfo.InvariantCulture, $".{Environment.ProcessId}-{Guid.NewGuid():n}@{Environment.MachineName}.tmp");

    /// <summary>Whether a file or folder is of such a name, or of one that older versions gave.</summary>
    public static bool IsMeantBy(string name) => Own().IsMatch(name) || Older().IsMatch(name);

    /// <summary>Whether nobody writes it any more: its process is gone, or nothing came for an hour.</summary>
    /// <param name="patience">How long a process that cannot be seen from here is trusted to be there.</param>
    public static bool IsLeftBehind(FileSystemInfo entry, TimeSpan patience)
    {
        TimeSpan age = DateTime.UtcNow - entry.LastWriteTimeUtc;
        return age > Long
            || (
                age >= patience
                && Own().Match(entry.Name) is { Success: true } name
                && new ProcessMark(
                    int.Parse(name.Groups["process"].Value, CultureInfo.InvariantCulture),
                    name.Groups["host"].Value
                ).HasEnded
            );
    }

    /// <summary>Deletes what was left behind directly in a folder; what cannot be deleted stays.</summary>
    public static void Sweep(string folder, TimeSpan patience)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos(".*", Everything))
        {
            if (IsMeantBy(entry.Name) && IsLeftBehind(entry, patience))
                Delete(entry.FullName);
        }
    }

    /// <summary>Deletes a file or folder of such a name. One that cannot be deleted stays until it is swept: why it was not finished is
    /// what people should hear.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It takes room, and harms nobody.
        }
    }

    /// <summary>Hidden entries too, which are skipped otherwise.</summary>
    internal static EnumerationOptions Everything { get; } = new() { AttributesToSkip = FileAttributes.None };

    [GeneratedRegex(
        @"^\.(?<process>[0-9]{1,9})-[0-9a-f]{32}@(?<host>.*)\.tmp$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Own();

    [GeneratedRegex(@"^\.[a-z0-9]{8}\.[a-z0-9]{3}$|\.[0-9a-f]{32}\.tmp$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Older();
}
