using System.Globalization;

namespace MerBench.Host.Runs.Progress;

/// <summary>A run's status in words.</summary>
public static class StatusText
{
    /// <summary>«23/96 cells, 1 failed, about 12 min left, until about 14:35»; empty before there are cells.</summary>
    public static string Counts(RunStatus status, TimeProvider clock)
    {
        if (status.Cells.Total == 0)
            return "";
        string failed = status.Cells.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {status.Cells.Failed} failed") : "";
        string left = status.SecondsLeft is { } seconds ? $", {Left(TimeSpan.FromSeconds(seconds), clock)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{status.Cells.Done}/{status.Cells.Total} cells{failed}{left}");
    }

    /// <summary>What is going on, how far it is, and how long it will take or has taken.</summary>
    public static string Describe(RunActivity activity)
    {
        if (activity.Share is not { } share)
            return $"{activity.What}: {Duration(TimeSpan.FromSeconds(activity.Seconds))} so far";
        string time =
            share >= WorkEstimate.LeastShare
                ? Left(TimeSpan.FromSeconds(activity.Seconds / share * (1 - share)))
                : $"{Duration(TimeSpan.FromSeconds(activity.Seconds))} so far";
        return share < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{activity.What}: {Math.Floor(share * 100):0} %, {time}")
            : activity.What;
    }

    /// <summary>A sign of life for logs in which nothing was said for a while.</summary>
    public static string Heartbeat(RunStatus status, TimeProvider clock) =>
        $"still at it: {string.Join("; ", status.Now.Select(Describe).Prepend(Counts(status, clock)).Where(part => part.Length > 0))}";

    /// <summary>How a run that is over ended.</summary>
    public static string End(RunStatus status)
    {
        string took = Duration(status.Updated - status.Started);
        string failed = status.Cells.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {status.Cells.Failed} failed") : "";
        string cells = string.Create(CultureInfo.InvariantCulture, $"{status.Cells.Done}/{status.Cells.Total} cells{failed}");
        return status.State switch
        {
            RunState.Finished => $"{status.Benchmark} finished after {took}: {cells}",
            RunState.Interrupted => $"{status.Benchmark} was interrupted after {took}: {cells}; the same command continues",
            _ => $"{status.Benchmark} ended with an error after {took}, {cells}: {status.Failure}",
        };
    }

    /// <summary>«about 12 min 3 s left».</summary>
    public static string Left(TimeSpan time) => $"about {Duration(time)} left";

    public static string Duration(TimeSpan time) =>
        time switch
        {
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)time.TotalSeconds)} s"),
        };

    // By the clock where one would have to reckon.
    private static string Left(TimeSpan time, TimeProvider clock)
    {
        if (time < TimeSpan.FromMinutes(5))
            return Left(time);
        DateTimeOffset now = clock.GetLocalNow(),
            end = now + time;
        string day = end.Date == now.Date ? "" : end.ToString("ddd ", CultureInfo.InvariantCulture);
        return $"{Left(time)}, until about {day}{end.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }
}
