using MerBench.Host.Execution;
using Spectre.Console;

namespace MerBench.Tool.Display;

/// <summary>Shows a run's progress on stderr: live on a terminal, a plain line for each step otherwise, nothing when quiet.</summary>
internal static class RunDisplay
{
    public static T Follow<T>(bool quiet, Func<Action<RunEvent>, T> run)
    {
        if (quiet) return run(_ => { });
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal && !Console.IsErrorRedirected
            ? LiveDisplay.Follow(console, run)
            : run(new PlainDisplay(Console.Error).Show);
    }
}
