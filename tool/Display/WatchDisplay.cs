using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;
using MerBench.Reports.Console;

namespace MerBench.Tool.Display;

/// <summary>Shows a run of another process as that process shows it, on stdout.</summary>
internal static class WatchDisplay
{
    /// <param name="follow">Looks again and again, and tells of each look.</param>
    public static Sighting Follow(RunWatch watch, Func<Action<Sighting>, Sighting> follow)
    {
        Sighting last = watch.Look();
        if (Terminal.Output.Profile.Capabilities.Interactive && last.Run.State == RunState.Running && last.Life != LifeSign.Dead)
            return LiveDisplay.Follow(Terminal.Output, () => WithWarning(last), tell => follow(NewLines(seen => last = seen, tell)));
        using var log = new LogDisplay(Terminal.Output, () => WithWarning(last));
        return follow(NewLines(seen => last = seen, log.Tell));
    }

    /// <summary>How it ended; for a run with results, with their table.</summary>
    public static void Summarise(RunWatch watch, Sighting end)
    {
        if (end.Run.State == RunState.Finished && File.Exists(Path.Combine(watch.Folder, RunFolder.ResultsFile)))
            ConsoleReport.Write(Terminal.Output, RunFolder.Open(watch.Folder).ReadResults());
        string process = string.Create(CultureInfo.InvariantCulture, $"process {end.Run.Process.Id} on {end.Run.Process.Host}");
        if (end.Run.State != RunState.Running)
            Terminal.WriteLine(StatusText.End(end.Run));
        else
            Terminal.WriteLine(
                $"{end.Run.Benchmark} seems dead: {process} has given no sign of life for "
                    + $"{StatusText.Duration(TimeSpan.FromSeconds(end.SilentSeconds))}. Finished cells are kept; running the benchmark "
                    + $"again continues."
            );
    }

    // Lines that were told before the first look, or too many between two, are counted and not shown.
    private static Action<Sighting> NewLines(Action<Sighting> remember, Action<StatusLine> tell)
    {
        int shown = 0;
        return seen =>
        {
            remember(seen);
            foreach (StatusLine line in seen.Run.Lines.Where(l => l.Number > shown))
            {
                if (line.Number > shown + 1)
                    tell(
                        new StatusLine(
                            0,
                            string.Create(CultureInfo.InvariantCulture, $"... {line.Number - shown - 1} lines before"),
                            IsRemarkable: false
                        )
                    );
                tell(line);
                shown = line.Number;
            }
        };
    }

    private static RunStatus WithWarning(Sighting seen) =>
        seen.Life != LifeSign.Silent
            ? seen.Run
            : seen.Run with
            {
                Now =
                [
                    new RunActivity(
                        $"no sign of life from process {seen.Run.Process.Id.ToString(CultureInfo.InvariantCulture)} on "
                            + $"{seen.Run.Process.Host}",
                        null,
                        seen.SilentSeconds
                    ),
                ],
                SecondsLeft = null,
            };
}
