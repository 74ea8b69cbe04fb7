using System.Globalization;

namespace MerBench.Host.Distribution;

/// <summary>Ends a job that is begun again and again and gets nowhere: what it is at takes longer than the job may, or more
/// memory.</summary>
internal static class FutileStarts
{
    private const int Most = 3;

    /// <param name="attempts">Of the plan, the oldest first.</param>
    /// <param name="now">The one that begins.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="UserErrorException">The last starts of this very job all ended before anything was finished.</exception>
    public static void Refuse(IReadOnlyList<Attempt> attempts, Attempt now, Func<string, string?> variable)
    {
        if (
            !int.TryParse(variable("SLURM_RESTART_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out int restarts)
            || restarts < Most
        )
            return;
        Attempt[] last = [.. attempts.Where(a => a.Shard == now.Shard && a.Job == now.Job).TakeLast(Most)];
        if (last.Length == Most && last.All(a => a is { HasBegun: true, HasEnded: false, Finished: 0, HasTrained: false }))
            throw new UserErrorException(
                $"The last {Most} starts of job {now.Job} ended before a cell was finished or a training went on. A cell takes longer or "
                    + "more memory than the job has: raise 'time' or 'mem', or lower what the cell costs, and run the study again.",
                ErrorKind.Environment
            );
    }
}
