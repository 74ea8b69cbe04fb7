namespace MerBench.Host.Storage;

/// <summary>When an entry was last read: the time of its file, or of its manifest. It tells what is old.</summary>
internal static class LastUse
{
    private static readonly TimeSpan Often = TimeSpan.FromHours(12);

    /// <summary>Notes that a file was read. Where that is not possible it is only taken for older than it is.</summary>
    public static void Note(string path)
    {
        try
        {
            DateTime now = DateTime.UtcNow;
            if (now - File.GetLastWriteTimeUtc(path) > Often)
                File.SetLastWriteTimeUtc(path, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A store that is read-only for this user.
        }
    }
}
