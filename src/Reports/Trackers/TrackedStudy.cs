using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Statistics;
using MerBench.Reports.Html;

namespace MerBench.Reports.Trackers;

/// <summary>A run of a benchmark as trackers see it: a run above, with what holds for all of it, and one a cell below it.</summary>
/// <param name="Experiment">What runs of the same benchmark are gathered under.</param>
internal sealed record TrackedStudy(string Experiment, TrackedRun Whole, IReadOnlyList<TrackedRun> Cells)
{
    private static readonly string[] Artifacts =
    [
        RunFolder.ResultsFile,
        RunFolder.BenchmarkFile,
        "results.md",
        RunReport.FileName,
        RunTables.Cells,
        RunTables.Metrics,
        RunTables.Clips,
        RunTables.Training,
    ];

    public static TrackedStudy Create(RunFolder run)
    {
        RunResults results = run.ReadResults();
        return new TrackedStudy(results.Benchmark, DescribeWhole(run, results), [.. results.Cells.Select(c => DescribeCell(results, c))]);
    }

    private static TrackedRun DescribeWhole(RunFolder run, RunResults results)
    {
        RunEnvironment on = results.Environment;
        string started = on.Started.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return new TrackedRun($"{results.Benchmark} {started}", on.Started, on.Started.AddSeconds(on.Seconds))
        {
            Id = Identify(results, "whole"),
            HasFailed = results.FailedCells > 0,
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["dataset"] = results.Dataset.Id,
                ["dataset.fingerprint"] = results.Dataset.Fingerprint,
                ["dataset.test-clips"] = results.Dataset.Test.ToString(CultureInfo.InvariantCulture),
                ["models"] = string.Join(", ", results.Models.Select(m => m.Name).Distinct(StringComparer.Ordinal)),
                ["perturbations"] = string.Join(", ", results.Cells.Select(c => c.Perturbation).Distinct(StringComparer.Ordinal)),
                ["seeds"] = string.Join(", ", results.Models.Select(m => m.Seed).Distinct().Order()),
                ["device"] = on.Device,
                ["threads"] = on.Threads.ToString(CultureInfo.InvariantCulture),
                ["libtorch"] = on.LibTorch,
            },
            Metrics =
            [
                new("cells", results.Cells.Count),
                new("cells.failed", results.FailedCells),
                new("cells.doubtful", results.DoubtfulCells),
                new("seconds", on.Seconds),
                .. results.Summary.SelectMany(Summarise),
                .. results.Statistics.SelectMany(EstimateIntervals),
            ],
            Tags = Describe(results, new() { ["mlflow.note.content"] = $"MerBench's results are in {RunFolder.ResultsFile}." }),
            Artifacts = Artifacts
                .Select(name => (Name: name, Path: Path.Combine(run.Path, name)))
                .Where(file => File.Exists(file.Path))
                .ToDictionary(file => file.Name, file => file.Path, StringComparer.Ordinal),
        };
    }

    private static TrackedRun DescribeCell(RunResults results, CellSummary cell)
    {
        RunEnvironment on = results.Environment;
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (cell.Failure is { } failure)
            tags["merbench.failure"] = failure;
        if (cell.Believable is { } believable)
            tags["merbench.believable"] = believable == Believable.Yes ? "yes" : "doubtful";
        if (cell.Doubts.Count > 0)
            tags["merbench.doubts"] = string.Join('\n', cell.Doubts.Select(d => $"{d.Check}: {d.Reason}"));
        if (cell.Result is { } result)
            (tags["merbench.cell-key"], tags["merbench.model-key"]) = (result.Key, result.ModelKey);
        return new TrackedRun(cell.Name, on.Started, on.Started.AddSeconds(cell.Result?.Seconds ?? 0))
        {
            Id = Identify(results, cell.Name),
            HasFailed = cell.Failure is not null,
            Parameters = CellParameters.List(cell),
            Metrics = cell.Result is { } measured ? CellMetrics.List(measured) : [],
            Tags = Describe(results, tags),
        };
    }

    // A row of the robustness table, under its name.
    private static IEnumerable<TrackedMetric> Summarise(RobustnessRow row)
    {
        string condition = $"conditions/{row.Model}/{row.Perturbation}/{row.Strength}";
        foreach ((string metric, SeedSummary value) in row.Metrics)
        {
            if (value.Clean is { } clean)
                yield return new($"{condition}/{metric}.clean", clean);
            if (value.Perturbed is { } perturbed)
                yield return new($"{condition}/{metric}.perturbed", perturbed);
            if (value.Harm is { } harm)
                yield return new($"{condition}/{metric}.harm", harm);
            if (value.HarmSd is { } deviation)
                yield return new($"{condition}/{metric}.harm.sd", deviation);
        }

        if (row.SuccessRate is { } success)
            yield return new($"{condition}/success-rate", success);
    }

    private static IEnumerable<TrackedMetric> EstimateIntervals(ConditionStatistics condition)
    {
        foreach (SystemMean mean in condition.Means)
        {
            string name = $"conditions/{mean.System}/{condition.Perturbation}/{condition.Strength}/interval95/{mean.Measure}";
            yield return new($"{name}.mean", mean.Mean);
            yield return new($"{name}.low", mean.Bootstrap.Low);
            yield return new($"{name}.high", mean.Bootstrap.High);
        }
    }

    private static Dictionary<string, string> Describe(RunResults results, Dictionary<string, string> own)
    {
        RunEnvironment on = results.Environment;
        own["mlflow.source.name"] = on.File.Length > 0 ? on.File : results.Benchmark;
        own["mlflow.source.type"] = "LOCAL";
        if (on.Commit is { } commit)
            own["mlflow.source.git.commit"] = commit;
        own["merbench.version"] = on.MerBench;
        own["merbench.benchmark"] = results.Benchmark;
        return own;
    }

    private static string Identify(RunResults results, string part) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{results.Benchmark}\0{results.Environment.Started:O}\0{part}")))[
            ..32
        ];
}
