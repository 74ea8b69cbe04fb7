using System.Globalization;
using System.Text.RegularExpressions;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>An option of <c>sbatch</c>, by its long name.</summary>
/// <param name="Value"><c>true</c> for one that has no value; <c>false</c> or nothing for one that is left out.</param>
/// <param name="At">Where the user wrote it; nowhere for the command line.</param>
public sealed record SlurmOption(string Name, string Value, SourceLocation? At)
{
    public bool IsLeftOut => Value is "" or "false";

    public override string ToString() => Value == "true" ? $"--{Name}" : $"--{Name}={Value}";
}

/// <summary>How a cluster under Slurm computes a benchmark: what is MerBench's own, and what <c>sbatch</c> is told as it is
/// written.</summary>
public sealed partial record SlurmSettings
{
    private const string ShardsName = "shards",
        AtOnceName = "at-once",
        RestartsName = "restarts",
        MergeName = "merge";

    private const int StandardRestarts = 20;

    // What the arrays of shards and the job behind them are made of.
    private static readonly string[] Reserved =
    [
        "array",
        "dependency",
        "error",
        "no-requeue",
        "open-mode",
        "output",
        "parsable",
        "requeue",
        "signal",
        "test-only",
        "wait",
        "wrap",
    ];

    /// <summary>Null for one a model.</summary>
    public int? Shards { get; init; }

    /// <summary>How many may run at the same time; null for what the cluster has.</summary>
    public int? AtOnce { get; init; }

    /// <summary>How often a shard is queued again that was told to end.</summary>
    public int Restarts { get; init; } = StandardRestarts;

    public IReadOnlyList<SlurmOption> Options { get; init; } = [];

    /// <summary>What differs for the job that merges.</summary>
    public IReadOnlyList<SlurmOption> Merge { get; init; } = [];

    /// <summary>Those of the job that merges, with what the shards' jobs are told beside them.</summary>
    public IReadOnlyList<SlurmOption> MergeOptions => Merge.Aggregate(Options, Set);

    /// <summary>The value of an option, null where there is none.</summary>
    public string? Find(string name) => Options.FirstOrDefault(o => o.Name == name && !o.IsLeftOut)?.Value;

    /// <summary>What is wrong with an option, in words and with what to do; null where nothing is.</summary>
    public static (string Message, string Hint)? FindFault(string name, string value, bool isOfMerge = false)
    {
        if (name is ShardsName or AtOnceName or RestartsName)
            return isOfMerge ? ($"'{name}' is no option of the merge job", "it belongs beside 'merge'") : FindFaultOfOwn(name, value);
        if (name == MergeName)
            return ($"'{name}' holds options of the job that merges", "write it in the benchmark file, with a mapping");
        if (Reserved.Contains(name, StringComparer.Ordinal))
            return ($"'{name}' is what MerBench itself tells sbatch", "leave it out");
        if (!LongName().IsMatch(name))
            return ($"'{name}' is no long name of an option of sbatch", "write it without dashes in front, as 'partition' for -p");
        return value.AsSpan().ContainsAny('\n', '\r', '\0') ? ($"the value of '{name}' has several lines", "sbatch takes one") : null;
    }

    /// <summary>With an option set, or set anew.</summary>
    public SlurmSettings With(SlurmOption option) =>
        option.Name switch
        {
            ShardsName => this with { Shards = ReadNumber(option.Value) },
            AtOnceName => this with { AtOnce = ReadNumber(option.Value) },
            RestartsName => this with { Restarts = ReadNumber(option.Value) ?? StandardRestarts },
            _ => this with { Options = Set(Options, option) },
        };

    private static IReadOnlyList<SlurmOption> Set(IReadOnlyList<SlurmOption> options, SlurmOption option) =>
        [.. options.Where(o => o.Name != option.Name), option];

    private static (string Message, string Hint)? FindFaultOfOwn(string name, string value)
    {
        int least = name == RestartsName ? 0 : 1;
        return value.Length == 0 || ReadNumber(value) >= least
            ? null
            : (string.Create(CultureInfo.InvariantCulture, $"'{name}' is '{value}': expected a whole number from {least}"), "");
    }

    private static int? ReadNumber(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    [GeneratedRegex("^[a-z][a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongName();
}
