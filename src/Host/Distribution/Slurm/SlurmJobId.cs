using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>A job, or an array of them, as Slurm names it.</summary>
/// <param name="Cluster">Where several are joined and it is not the one at hand.</param>
public sealed partial record SlurmJobId(long Number, string? Cluster)
{
    /// <summary>Finds the id in what <c>sbatch</c> has written: with and without <c>--parsable</c>, between whatever a site's wrapper
    /// writes beside it. Null where there is none.</summary>
    public static SlurmJobId? Find(string output)
    {
        Match found = Id().Match(output);
        return
            found.Success && long.TryParse(found.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new SlurmJobId(number, found.Groups["cluster"] is { Success: true } cluster ? cluster.Value : null)
            : null;
    }

    /// <summary>As programs take it.</summary>
    public IReadOnlyList<string> ListArguments() =>
        [.. Cluster is null ? Array.Empty<string>() : [$"--clusters={Cluster}"], FormattableString.Invariant($"{Number}")];

    public override string ToString() =>
        Cluster is null ? FormattableString.Invariant($"{Number}") : FormattableString.Invariant($"{Number} on {Cluster}");

    // The last one, as remarks come before it.
    [GeneratedRegex(
        @"^[ \t]*(?:(?<id>[0-9]+)(?:;(?<cluster>\S+))?|Submitted batch job (?<id>[0-9]+)(?: on cluster (?<cluster>\S+))?)[ \t]*\r?$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.RightToLeft,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Id();
}
