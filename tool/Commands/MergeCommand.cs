using System.CommandLine;
using System.Globalization;
using MerBench.Host.Distribution;
using MerBench.Host.Runs;
using MerBench.Host.Text;
using MerBench.Reports;
using MerBench.Reports.Console;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class MergeCommand
{
    private const int Shown = 10;

    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        Argument<string[]> stores = new Argument<string[]>("store")
        {
            Description = "Stores of shards, as their .merbench folders; none where all of them worked in one.",
            Arity = ArgumentArity.ZeroOrMore,
        }.WithoutOptions();
        var engine = new EngineOptions();
        var report = new ReportOption();
        Option<string?> plan = new("--plan") { Description = "The folder of the plan that the shards were given.", HelpName = "DIR" };
        Option<string?> output = new("--output", "-o")
        {
            Description = "Folder for report.html, results.md, results.json and tables. Default: merbench-results/NAME.",
            HelpName = "DIR",
        };
        Option<bool> json = CommonOptions.Json("what failed and what is missing");
        var command = new Command(
            "merge",
            "Sum up what shards computed, as one run would; exit code 5 says that cells are missing, and whose they are."
        )
        {
            file,
            stores,
            plan,
            output,
            json,
        };
        engine.AddTo(command);
        report.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Interruption.Guard(stop =>
                    {
                        RunArtifacts artifacts = report.Read(parsed);
                        var asked = new MergeRequest(parsed.GetValue(stores) ?? [], parsed.GetValue(plan));
                        var request = engine.Request(parsed, parsed.GetRequiredValue(file), parsed.GetValue(output));
                        MergeOutcome merged = RunDisplay.Follow(
                            parsed.GetValue(CommonOptions.Quiet),
                            tell => ShardMerge.Execute(request, asked, artifacts, tell, stop)
                        );
                        return Show(merged, request, artifacts, parsed, parsed.GetValue(json));
                    })
                )
        );
        return command;
    }

    /// <summary>Says what came of a merge; returns the exit code.</summary>
    public static int Show(MergeOutcome merged, RunRequest request, RunArtifacts artifacts, ParseResult parsed, bool json)
    {
        if (json)
            Terminal.WriteJson(
                new
                {
                    IsComplete = merged.Finished is not null,
                    merged.Taken,
                    merged.Failed,
                    merged.Missing,
                    merged.Attempts,
                }
            );
        if (merged.Finished is not { } finished)
        {
            if (!json)
                WriteMissing(merged);
            return ExitCode.Incomplete;
        }

        if (!json)
            ConsoleReport.Write(Terminal.Output, finished.Results);
        string folder = Path.GetRelativePath(Environment.CurrentDirectory, request.OutputFolder(finished.Results.Benchmark));
        Terminal.Remark(parsed, $"Results: {folder}/{artifacts.MainFiles}");
        return ExitCode.OfRuns.Find(finished.Results);
    }

    private static void WriteMissing(MergeOutcome merged)
    {
        Terminal.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Incomplete: {Quantity.Write(merged.Missing.Count, "cell")} missing, {merged.Failed.Count} failed. "
                    + $"Run their shards again, then merge."
            )
        );
        foreach (var shard in merged.Missing.GroupBy(m => m.Shard).OrderBy(g => g.Key))
        {
            Attempt? last = merged.Attempts.LastOrDefault(a => a.Shard.Number == shard.Key);
            string who = shard.Key is { } number ? string.Create(CultureInfo.InvariantCulture, $"shard {number}") : "no shard that began";
            Terminal.WriteLine(
                $"missing, {who}: {ShortList.Write([.. shard.Select(m => m.Name)], Shown)}"
                    + $"{(last is null ? "" : $" (last attempt: {last}{(last.HasEnded ? "" : ", which did not end")})")}"
            );
        }

        foreach (FailedCell failed in merged.Failed.Take(Shown))
            Terminal.WriteLine($"failed: {failed.Name}: {failed.Reason}");
        if (merged.Failed.Count > Shown)
            Terminal.WriteLine($"... and {ShortList.Count(merged.Failed.Count - Shown)} more failed");
    }
}
