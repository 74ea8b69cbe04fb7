using MerBench.Host.Results;
using MerBench.Host.Text;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>What was run and on what: data, machine, plugins, trainings.</summary>
internal static class WhatWasRun
{
    private const int MostRemarks = 10;
    private const string ValidationScore =
        "What early stopping watches: mean Pearson r over emotions, plus that over concepts where they are trained";

    public static HtmlSection Create(RunReportData data)
    {
        RunResults results = data.Results;
        return new HtmlSection(
            "run",
            "What was run",
            Markup.Format(
                $"""
            <dl class="facts">{Facts(results).Select(f => Markup.Format($"<div><dt>{f.Name}</dt><dd>{f.Value}</dd></div>"))}</dl>
            {new PageTable("models", "Models and their trainings", new PageView("models"),
            [
                new("model", "Model"),
                new("plugin", "Plugin"),
                new("training", "Training"),
                new("seed", "Seed", "whole"),
                new("epochs", "Epochs", "whole"),
                new("best_epoch", "Best epoch", "whole"),
                new("validation_score", "Validation score", "number") { Meaning = ValidationScore },
                new("seconds", "Seconds", "one"),
            ]).Render()}
            {new PageTable("plugins", "Plugins", new PageView("plugins"), [new("plugin", "Plugin"), new("sha256", "SHA-256 of its assembly", "code")]).Render()}
            """
            )
        )
        {
            Data = [Models(results), Plugins(results)],
        };
    }

    private static IEnumerable<(string Name, Markup Value)> Facts(RunResults results)
    {
        RunEnvironment on = results.Environment;
        DatasetSummary dataset = results.Dataset;
        string commit = on.Commit is { } known ? $", commit {known}" : "";
        Markup? file = on.File.Length > 0 ? Markup.Format($" (<code>{on.File}</code>{commit})") : null;
        yield return ("Benchmark", Markup.Format($"{results.Benchmark}{file}"));
        if (on.Command is { } command)
            yield return ("Command", Markup.Format($"<code>{command}</code>"));
        yield return ("Started", Markup.Format($"{on.Started.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, took {Duration(on.Seconds)}"));
        yield return (
            "Cells",
            Markup.Format($"{new CellTally(results).Counts}; {results.Cells.Count(c => c.FromStore):#,0} were finished before")
        );
        yield return ("Seeds", Markup.Format($"{string.Join(", ", results.Models.Select(m => m.Seed).Distinct().Order())}"));
        yield return (
            "Dataset",
            Markup.Format(
                $"<code>{dataset.Id}</code>: {dataset.Train:#,0} clips for training, {dataset.Validation:#,0} for validation, "
                    + $"{dataset.Test:#,0} for the test"
            )
        );
        yield return ("Fingerprint", Markup.Format($"<code>{dataset.Fingerprint}</code>"));
        yield return ("Ratings", Markup.Format($"{dataset.Minimum} to {dataset.Maximum}. {dataset.Scale}"));
        yield return ("Emotions", Markup.Format($"{string.Join(", ", dataset.Emotions)}"));
        if (dataset.Concepts.Count > 0)
            yield return ("Concepts", Markup.Format($"{string.Join(", ", dataset.Concepts)}"));
        yield return ("Success", Markup.Format($"a prediction moved by {results.SuccessTolerance}"));
        yield return ("MerBench", Markup.Format($"{on.MerBench}, plugin contract {on.Contract}"));
        yield return (
            "Machine",
            Markup.Format(
                $"{on.Device}{(on.Processor.Length > 0 ? $", {on.ProcessorAndInstructions}" : "")}, {on.Threads} "
                    + $"{(on.Threads == 1 ? "thread" : "threads")}; {on.OperatingSystem}"
            )
        );
        if (on.Arithmetic.Length > 0)
            yield return ("Arithmetic", Markup.Format($"{on.Arithmetic}"));
        if (dataset.Remarks is { } remarks)
            yield return ("Remarks on recordings", Markup.Format($"{ShortList.Write(remarks, MostRemarks)}"));
        if (LeftOutMark.Explain(results) is { } leftOut)
            yield return ("Not defined", Markup.Format($"{leftOut}"));
        yield return ("Precision", Markup.Format($"{PrecisionLegend.Write(results) ?? "fp32"}"));
        yield return ("Software", Markup.Format($"{on.Runtime}, libtorch {on.LibTorch}"));
    }

    private static PageData Models(RunResults results) =>
        PageData.Create(
            "models",
            results.Models,
            ("model", m => m.Name),
            ("plugin", m => m.Use),
            ("training", m => m.Training?.Source ?? "weights"),
            ("seed", m => m.Seed),
            ("epochs", m => m.Training?.Outcome?.EpochsRun),
            ("best_epoch", m => m.Training?.Outcome?.BestEpoch),
            ("validation_score", m => m.Training?.Outcome?.BestValidationScore),
            ("seconds", m => m.Training?.Outcome?.WallTime.TotalSeconds)
        );

    private static PageData Plugins(RunResults results) =>
        PageData.Create("plugins", [.. results.Environment.Plugins], ("plugin", p => p.Key), ("sha256", p => p.Value));

    private static string Duration(double seconds) =>
        seconds switch
        {
            < 120 => FormattableString.Invariant($"{seconds:0} s"),
            < 7200 => FormattableString.Invariant($"{seconds / 60:0} min"),
            _ => FormattableString.Invariant($"{seconds / 3600:0.0} h"),
        };
}
