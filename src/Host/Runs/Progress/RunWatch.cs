using System.Diagnostics;

namespace MerBench.Host.Runs.Progress;

/// <summary>Whether a run gives signs of life.</summary>
public enum LifeSign
{
    /// <summary>It is running and writes, or it is over.</summary>
    Alive,

    /// <summary>It should be running, and has not written for a while.</summary>
    Silent,

    /// <summary>Its process is gone, or it has not written for so long that it must be.</summary>
    Dead,
}

/// <summary>What a look at a run showed.</summary>
/// <param name="SilentSeconds">How long it has not written.</param>
public sealed record Sighting(LifeSign Life, double SilentSeconds, RunStatus Run);

/// <summary>Follows a run of another process, possibly on another machine, by the journal beside its results.</summary>
public sealed class RunWatch
{
    private static readonly TimeSpan SilenceOfDead = TimeSpan.FromSeconds(6),
        SilenceOfSlow = TimeSpan.FromMinutes(1),
        SilenceOfGone = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _clock;
    private RunStatus _last;
    private DateTimeOffset? _changed;

    private RunWatch(string folder, RunStatus status, TimeProvider clock) => (Folder, _last, _clock) = (folder, status, clock);

    /// <summary>The results folder.</summary>
    public string Folder { get; }

    /// <summary>Finds a run.</summary>
    /// <param name="run">Its results folder; or its benchmark file, whose newest run in <paramref name="results"/> is meant; or null for
    /// the newest run there.</param>
    /// <param name="results">Where runs are looked for.</param>
    /// <exception cref="UserErrorException">There is no such run.</exception>
    public static RunWatch Open(string? run, string results, TimeProvider clock)
    {
        if (run is not null && Directory.Exists(run))
        {
            return new RunWatch(
                run,
                Read(run)
                    ?? throw new UserErrorException(
                        Path.Exists(Path.Combine(run, ProgressJournal.FileName))
                            ? $"{Path.Combine(run, ProgressJournal.FileName)} is not as it was written: run the benchmark again; finished "
                                + "cells are kept."
                            : $"{run} holds no {ProgressJournal.FileName}: expected the results folder of a run, such as "
                                + "merbench-results/NAME, or what was given to 'run --output'."
                    ),
                clock
            );
        }

        if (run is not null && !File.Exists(run))
            throw new UserErrorException($"there is no file or folder {run}: expected the results folder of a run, or its benchmark file.");
        RunWatch? newest = (Directory.Exists(results) ? Directory.GetDirectories(results) : [])
            .Select(folder =>
                Read(folder) is { } status && (run is null || status.File == Path.GetFullPath(run))
                    ? new RunWatch(folder, status, clock)
                    : null
            )
            .MaxBy(watch => watch?._last.Updated);
        return newest
            ?? throw new UserErrorException(
                run is null
                    ? $"there is no run in {results}: name the results folder of one, as given to 'run --output'."
                    : $"no run of {run} is in {results}: start one, or name its results folder, as given to 'run --output'."
            );
    }

    /// <summary>Looks how it is doing.</summary>
    public Sighting Look()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (Read(Folder) is { } status && status.Updated != _last.Updated)
            (_last, _changed) = (status, now);
        // Clocks of machines differ; only what was seen before one's own eyes is timed by one's own.
        TimeSpan silence = now - (_changed ?? _last.Updated) is { Ticks: > 0 } since ? since : TimeSpan.Zero;
        return new Sighting(Judge(_last, silence), silence.TotalSeconds, _last);
    }

    private static LifeSign Judge(RunStatus status, TimeSpan silence)
    {
        if (status.State != RunState.Running || silence < SilenceOfDead)
            return LifeSign.Alive;
        bool isOnThisMachine = status.Process.Host == Environment.MachineName;
        if (isOnThisMachine && !IsThere(status.Process))
            return LifeSign.Dead;
        if (silence < SilenceOfSlow)
            return LifeSign.Alive;
        return isOnThisMachine || silence < SilenceOfGone ? LifeSign.Silent : LifeSign.Dead;
    }

    private static bool IsThere(RunProcess process)
    {
        try
        {
            using var there = Process.GetProcessById(process.Id);
            return (there.StartTime.ToUniversalTime() - process.Started.UtcDateTime).Duration() < TimeSpan.FromSeconds(2);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static RunStatus? Read(string folder)
    {
        try
        {
            return ProgressFile.Read(File.ReadAllBytes(Path.Combine(folder, ProgressJournal.FileName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or of another version; on shared disks also replaced just now.
            return null;
        }
    }
}
