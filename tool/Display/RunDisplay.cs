using MerBench.Host.Events;
using MerBench.Host.Runs.Progress;

namespace MerBench.Tool.Display;

/// <summary>Shows a run's progress on stderr: redrawn in place on a terminal, a line for each step otherwise, nothing when quiet.</summary>
internal static class RunDisplay
{
    public static T Follow<T>(bool quiet, Func<Action<RunEvent>, T> run)
    {
        if (quiet)
            return run(happened =>
            {
                if (happened is RunEvent.LeftOut missing)
                    Terminal.Warn(ProgressLines.Describe(missing));
            });
        var progress = new RunProgress();
        if (Terminal.Errors.Profile.Capabilities.Interactive)
            return LiveDisplay.Follow(Terminal.Errors, progress.Status, tell => run(happened => Tell(progress.Follow(happened), tell)));
        using var log = new LogDisplay(Terminal.Errors, progress.Status);
        return run(happened => Tell(progress.Follow(happened), log.Tell));
    }

    private static void Tell(StatusLine? line, Action<StatusLine> tell)
    {
        if (line is not null)
            tell(line);
    }
}
