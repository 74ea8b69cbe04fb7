using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Analysis.Comparisons;

/// <summary>What a run was made from and on, as far as it is the same for all its cells.</summary>
/// <param name="Name">As the user may know it among others: the folder.</param>
public sealed record RunIdentity(string Name, string Benchmark, DateTimeOffset Started, IReadOnlyList<RunFact> Facts)
{
    /// <summary>A fact by its name.</summary>
    public string this[string fact] => Facts.First(f => f.Name == fact).Value;

    internal static RunIdentity Describe(string name, RunResults run)
    {
        RunEnvironment on = run.Environment;
        return new RunIdentity(
            name,
            run.Benchmark,
            on.Started,
            [
                new("benchmark", run.Benchmark),
                new("by", run.About?.By ?? "not said"),
                new("link", run.About?.Link ?? "none"),
                new("file", on.File),
                new("commit", on.Commit ?? "none"),
                new("started", on.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
                new(
                    "dataset",
                    FormattableString.Invariant(
                        $"{run.Dataset.Id}, {run.Dataset.Train} train, {run.Dataset.Validation} validation, {run.Dataset.Test} test clips"
                    )
                ),
                new("dataset fingerprint", run.Dataset.Fingerprint[..Math.Min(12, run.Dataset.Fingerprint.Length)]),
                new("MerBench", on.MerBench),
                new("contract", on.Contract),
                new("libtorch", on.LibTorch),
                new("device", on.Device),
                new("processor", on.Processor),
                new("instruction set", on.InstructionSet),
                new("threads", on.Threads.ToString(CultureInfo.InvariantCulture)),
                new("batch", on.Batch.ToString(CultureInfo.InvariantCulture)),
                new("runtime", on.Runtime),
                new("operating system", on.OperatingSystem),
            ]
        );
    }
}

public sealed record RunFact(string Name, string Value);
