using System.Globalization;

namespace MerBench.Host.Diagnosis;

/// <summary>Whether finished work can be kept, and for how long the disk will do.</summary>
internal static class CacheCheck
{
    private const long Little = 2L << 30;

    public static IEnumerable<Finding> Examine(string folder)
    {
        string absolute = Path.GetFullPath(folder),
            existing = absolute;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        string what = existing == absolute ? absolute : $"{absolute} (to be made)";
        return WhyNotWritable(existing) is { } reason
            ?
            [
                new Finding(
                    "cache",
                    FindingStatus.Problem,
                    $"{what} cannot be written: {reason}",
                    "Name another folder by --cache or MERBENCH_CACHE."
                ),
            ]
            : [new Finding("cache", FindingStatus.Ok, $"{what} can be written"), Space(existing)];
    }

    private static string? WhyNotWritable(string folder)
    {
        if (File.Exists(folder))
            return $"{folder} is a file";
        try
        {
            string probe = Path.Combine(folder, $".merbench-{Guid.NewGuid():n}");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static Finding Space(string folder)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        string what = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB free on its disk");
        return free >= Little
            ? new Finding("cache", FindingStatus.Ok, what)
            : new Finding(
                "cache",
                FindingStatus.Warning,
                what,
                "Trained models and features of a large benchmark take some GiB: free space, or name a folder on another disk by --cache."
            );
    }
}
