namespace MerBench.Host.IO;

/// <summary>Renames as file systems of networks need it: one may be told to fail though it happened, or fail for a moment. On Windows that
/// is so wherever somebody reads the file at that moment, be it a virus scanner.</summary>
internal static class Renaming
{
    private const int Busy = 16,
        Stale = 116,
        StaleOnMac = 70,
        WindowsSharing = unchecked((int)0x80070020),
        Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static bool IsPassing(Exception e) =>
        OperatingSystem.IsWindows()
            ? e is UnauthorizedAccessException or IOException { HResult: WindowsSharing }
            : e is IOException { HResult: Busy or Stale or StaleOnMac };

    /// <param name="rename">Renames.</param>
    /// <param name="hasHappened">Looks whether what was to be there is there.</param>
    /// <param name="wait">Waits between tries.</param>
    /// <exception cref="IOException">It did not happen.</exception>
    public static void Do(Action rename, Func<bool> hasHappened, Action<TimeSpan>? wait = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                rename();
                return;
            }
            catch (IOException) when (hasHappened())
            {
                return;
            }
            catch (Exception e) when (attempt < Tries && IsPassing(e))
            {
                // Many machines of a cluster may be at it, so that they must not come back at the same moment.
                (wait ?? Thread.Sleep)(Pause * attempt * (0.5 + Random.Shared.NextDouble()));
            }
        }
    }
}
