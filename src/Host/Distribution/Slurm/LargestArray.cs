using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>Which indices an array may have: those below the cluster's MaxArraySize.</summary>
internal static partial class LargestArray
{
    /// <summary>Slurm's own, for a cluster that does not say.</summary>
    internal const int Standard = 1001;

    /// <summary>The cluster's MaxArraySize.</summary>
    public static int Ask(CancellationToken cancel)
    {
        SlurmAnswer answer = SlurmProgram.Ask("scontrol", ["show", "config"], cancel);
        return answer.ExitCode == 0 && Read(answer.Output) is { } size ? size : Standard;
    }

    /// <summary>Finds it in what <c>scontrol show config</c> writes.</summary>
    internal static int? Read(string config) =>
        Line().Match(config) is { Success: true } line
        && int.TryParse(line.Groups["size"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            ? size
            : null;

    [GeneratedRegex(
        @"^\s*MaxArraySize\s*=\s*(?<size>[0-9]+)\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
