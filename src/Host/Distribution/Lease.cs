using MerBench.Host.IO;

namespace MerBench.Host.Distribution;

/// <summary>
/// Says in a shared store that somebody works on something. Advisory: a lost race costs a duplicate, and nothing else. It is touched while
/// it is held, and is stale when it was not, by the file system's clock, or when its holder was a process of this machine that has ended.
/// </summary>
internal sealed class Lease : IDisposable
{
    /// <summary>Its folder in a store.</summary>
    public const string Folder = "leases";

    private static readonly TimeSpan Touch = TimeSpan.FromSeconds(30);
    private readonly string _path;
    private readonly Timer _timer;

    private Lease(string path)
    {
        _path = path;
        _timer = new Timer(_ => TouchNow(), null, Touch, Touch);
    }

    /// <summary>How long a lease is believed that nobody touches.</summary>
    public static TimeSpan Stale { get; } = TimeSpan.FromMinutes(2);

    /// <param name="holder">Who asks, for people.</param>
    /// <returns>Null while another one holds it.</returns>
    public static Lease? TryTake(string store, string key, string holder)
    {
        string folder = Path.Combine(store, Folder),
            path = Path.Combine(folder, key);
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(path) && (HolderHasEnded(path) || ReadClock(folder) - File.GetLastWriteTimeUtc(path) > Stale))
                File.Delete(path);
            using (var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write)))
            {
                file.WriteLine(ProcessMark.Own);
                file.WriteLine(holder);
            }

            return new Lease(path);
        }
        catch (IOException e) when (!DiskException.IsMeantBy(e))
        {
            return null;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It becomes stale.
        }
    }

    // It was killed here, and need not be waited for.
    private static bool HolderHasEnded(string path)
    {
        using var lease = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return ProcessMark.Parse(lease.ReadLine()) is { HasEnded: true };
    }

    // Machines disagree about the time; what the file system writes down is one clock.
    private static DateTime ReadClock(string folder)
    {
        string probe = Path.Combine(folder, TemporaryName.Create());
        File.WriteAllText(probe, "");
        DateTime now = File.GetLastWriteTimeUtc(probe);
        File.Delete(probe);
        return now;
    }

    private void TouchNow()
    {
        try
        {
            // Written to, as the file system's clock sets the time then.
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Write);
            file.Seek(0, SeekOrigin.End);
            file.WriteByte((byte)'\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody took it for stale, or the disk is away: a duplicate at worst.
        }
    }
}
