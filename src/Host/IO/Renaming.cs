namespace MerBench.Host.IO;

/// <summary>Renames as file systems of networks need it: one may be told to fail though it happened, or fail for a moment.</summary>
internal static class Renaming
{
    private const int Busy = 16,
        Stale = 116,
        Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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
            catch (IOException e) when (attempt < Tries && e.HResult is Busy or Stale)
            {
                // Many machines of a cluster may be at it, so that they must not come back at the same moment.
                (wait ?? Thread.Sleep)(Pause * attempt * (0.5 + Random.Shared.NextDouble()));
            }
        }
    }
}
