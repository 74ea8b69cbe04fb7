using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Runs;
using MerBench.Host.Text;
using MerBench.Reports.Console;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class ValidateCommand
{
    private const int RemarksShown = 5;

    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<bool> cells = new("--cells") { Description = "Also print the name of every cell." };
        Option<bool> data = new("--data")
        {
            Description = "Also look at the dataset whole, decoding every recording: what is missing, extra, unreadable or mismatching.",
        };
        Option<bool> json = CommonOptions.Json("the cells, or with --data what was found,");
        var command = new Command("validate", "Check a benchmark file and expand its matrix, without running anything.")
        {
            file,
            plugins,
            cells,
            data,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                RunPlan plan = BenchmarkRun.Plan(new RunRequest(parsed.GetRequiredValue(file), parsed.GetValue(plugins) ?? []));
                if (!parsed.GetValue(json))
                {
                    Terminal.WriteLine(
                        $"{parsed.GetValue(file)} is valid: {plan.Definition.Models.Count} models, {plan.Definition.Perturbations.Count} "
                            + $"perturbations, {plan.Definition.Seeds.Count} seeds, {plan.Cells.Count} cells."
                    );
                    WriteChoices(plan.Definition);
                    if (parsed.GetValue(cells))
                        foreach (Cell cell in plan.Cells)
                            Terminal.WriteLine(cell.Name);
                }

                if (parsed.GetValue(data))
                    return Task.FromResult(InspectData(plan, parsed, parsed.GetValue(json), cancel));
                if (parsed.GetValue(json))
                    Terminal.WriteJson(
                        plan.Cells.Select(c => new
                        {
                            c.Name,
                            Model = c.Model.Name,
                            Perturbation = c.Perturbation.Name,
                            c.Strength,
                            c.Seed,
                        })
                    );

                return Task.FromResult(ExitCode.Fine);
            }
        );
        return command;
    }

    // What follows from the models, and nobody wrote.
    private static void WriteChoices(BenchmarkDefinition definition)
    {
        foreach (PerturbationDefinition perturbation in definition.Perturbations)
            if (perturbation is { FollowsModels: true, Domain: Domain.Waveform })
                Terminal.WriteLine($"Perturbation {perturbation.Name} is of waveforms, since a model that it meets reads those.");
        if (definition.EarsInUse.Count > 1)
            foreach (ModelDefinition model in definition.Models.Where(m => m.OwnEars is not null))
                Terminal.WriteLine($"Model {model.Name} hears through {model.OwnEars!.FrontEnd.Plugin.Id}.");
    }

    private static int InspectData(RunPlan plan, ParseResult parsed, bool json, CancellationToken cancel)
    {
        DataReport report = DatasetInspector.Inspect(plan.Definition, new DecodingProgress(parsed), cancel);
        if (json)
            Terminal.WriteJson(report);
        else
            Write(report);
        if (!report.Usable)
            return ExitCode.InputWrong;
        BenchmarkRun.RequireFit(plan, report);
        return ExitCode.Fine;
    }

    private static void Write(DataReport report)
    {
        Terminal.WriteLine($"{report.Dataset}: {report.Train} train, {report.Validation} validation, {report.Test} test clips.");
        if (report.EmotionScale is { } scale)
            Terminal.WriteLine($"Emotions: {string.Join(", ", report.Emotions)} ({scale}).");
        if (report.ConceptScale is { } concepts)
            Terminal.WriteLine($"Concepts: {string.Join(", ", report.Concepts)} ({concepts}).");
        foreach (DataIssueCount issue in report.Issues)
        {
            Terminal.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{issue.Kind.ToString().ToLowerInvariant(), -12}{issue.Count, 6}")
            );
            foreach (string example in issue.Examples)
                Terminal.Output.Write(new FlowText(4, 6).Add(example));
            if (issue.Count > issue.Examples.Count)
                Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    ... and {issue.Count - issue.Examples.Count} more"));
        }

        foreach (string remark in report.Remarks.Take(RemarksShown))
            Terminal.Output.Write(new FlowText(0, 2).Add($"Remark: {remark}"));
        if (report.Remarks.Count > RemarksShown)
            Terminal.WriteLine($"... and {ShortList.Count(report.Remarks.Count - RemarksShown)} more remarks; --json has all of them");
        Terminal.WriteLine(report.Usable ? "The dataset can be used." : "The dataset cannot be used until this is mended.");
    }

    /// <summary>A line every few seconds, so that logs stay short.</summary>
    private sealed class DecodingProgress(ParseResult parsed) : IProgress<(int Done, int Of)>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly Lock _lock = new();
        private TimeSpan _told;

        public void Report((int Done, int Of) value)
        {
            lock (_lock)
            {
                if (_watch.Elapsed - _told < Pause)
                    return;
                _told = _watch.Elapsed;
                TimeSpan left = _watch.Elapsed / value.Done * (value.Of - value.Done);
                Terminal.Remark(
                    parsed,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"decoded {value.Done} of {value.Of} recordings, about {left.TotalSeconds:0} s left"
                    )
                );
            }
        }
    }
}
