using Spectre.Console;

namespace MerBench.Reports.Console;

/// <summary>
/// What an output can do, and so how it is written to. On a terminal texts wrap at words and tables leave columns out; in a log (anything
/// else, and all of a build server) lines are whole and tables take the width
/// that they need.
/// </summary>
/// <param name="Ansi">Whether escape sequences may be written.</param>
/// <param name="Colour">Whether colours may.</param>
/// <param name="Interactive">Whether a display may be redrawn in place.</param>
/// <param name="IsLog">Whether lines are never wrapped.</param>
public sealed record ConsoleTraits(bool Ansi, bool Colour, bool Interactive, bool IsLog)
{
    // No line is as long, and sums of widths do not overflow.
    private const int WidthOfLogs = 1_000_000;

    /// <summary>Decides by what is known of the output and by what the user says in the environment: NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE,
    /// CLICOLOR, TERM, CI.</summary>
    /// <param name="isTerminal">False for pipes and files.</param>
    public static ConsoleTraits Find(bool isTerminal, Func<string, string?> environment)
    {
        bool isDumb = environment("TERM") == "dumb";
        bool isServer = environment("CI") is { Length: > 0 } server && !IsNo(server);
        bool isRefused = environment("NO_COLOR") is { Length: > 0 } || IsNo(environment("FORCE_COLOR")) || IsNo(environment("CLICOLOR"));
        bool isForced = !isRefused && (IsSet(environment("FORCE_COLOR")) || IsSet(environment("CLICOLOR_FORCE")));
        bool canMove = isTerminal && !isDumb;
        return new ConsoleTraits(canMove || isForced, isForced || (canMove && !isRefused), canMove && !isServer, !isTerminal || isServer);
    }

    /// <summary>Makes the console.</summary>
    public IAnsiConsole Create(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = Ansi ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = Interactive ? InteractionSupport.Yes : InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
                // Enrichers know build servers by name and give them 80 columns.
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            }
        );
        if (IsLog)
            console.Profile.Width = WidthOfLogs;
        return console;
    }

    private static bool IsSet(string? value) => value is { Length: > 0 } && !IsNo(value);

    private static bool IsNo(string? value) => value is "0" || string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}
