using System.Globalization;

namespace MerBench.Host.Text;

/// <summary>How a process ended that should not have, for people.</summary>
public static class ExitDescription
{
    public const int Killed = 137;

    /// <param name="exitCode">As shells count: 128 and the number of a signal.</param>
    public static string Describe(int exitCode) =>
        exitCode switch
        {
            0 => "ended itself with exit code 0, as by Environment.Exit",
            Killed => "was killed (signal 9), as systems do when memory runs out",
            134 => "was aborted (signal 6)",
            139 or 135 or 136 or 132 => string.Create(CultureInfo.InvariantCulture, $"crashed in native code (signal {exitCode - 128})"),
            > 128 and < 160 => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {exitCode - 128}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode}"),
        };
}
