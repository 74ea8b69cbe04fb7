using System.CommandLine;
using System.Globalization;
using MerBench.Host.Distribution;
using MerBench.Host.Distribution.Slurm;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Host.Text;
using MerBench.Reports;
using MerBench.Reports.Console;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        var engine = new EngineOptions();
        var report = new ReportOption();
        Option<string?> output = new("--output", "-o")
        {
            Description = "Folder for report.html, results.md, results.json and tables. Default: merbench-results/NAME.",
            HelpName = "DIR",
        };
        Option<bool> json = CommonOptions.Json("the results, instead of the table,");
        var command = new Command("run", "Run a benchmark; what was finished before is not computed again.") { file, output, json };
        engine.AddTo(command);
        report.AddTo(command);
        var shards = new ShardOptions();
        shards.AddTo(command);
        var cluster = new ClusterOptions();
        cluster.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                RunRequest request = engine.Request(parsed, parsed.GetRequiredValue(file), parsed.GetValue(output));
                bool asJson = parsed.GetValue(json);
                if (shards.Read(parsed) is { } shard)
                    return Task.FromResult(RunShard(request, shard, asJson, parsed));
                bool isStudy = cluster.IsMeant(parsed, request.File);
                shards.RequireNone(parsed, isStudy);
                return Task.FromResult(
                    isStudy
                        ? ClusterRun.Execute(
                            request,
                            new SlurmRequest(
                                ToolProgram.Command,
                                cluster.ReadOptions(parsed),
                                shards.RetriesFailed(parsed),
                                report.Repeat(parsed)
                            ),
                            report.Read(parsed),
                            new ClusterRun.Manner(parsed, asJson, cluster.Waits(parsed))
                        )
                        : Run(request, report.Read(parsed), asJson, parsed)
                );
            }
        );
        return command;
    }

    private static int RunShard(RunRequest request, ShardRequest shard, bool json, ParseResult parsed) =>
        Interruption.Guard(stop =>
        {
            ShardOutcome outcome = RunDisplay.Follow(
                parsed.GetValue(CommonOptions.Quiet),
                tell => ShardRun.Execute(request, shard, tell, stop)
            );
            if (json)
                Terminal.WriteJson(outcome);
            else
                Terminal.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"shard {outcome.Shard}: {Quantity.Write(outcome.Finished, "cell")} finished, {outcome.Failures.Count} failed, "
                            + $"{outcome.Helped} computed for other shards; {request.CacheFolder}"
                    )
                );
            return outcome.Failures.Count > 0 ? ExitCode.CellFailed : ExitCode.Fine;
        });

    private static int Run(RunRequest request, RunArtifacts artifacts, bool json, ParseResult parsed) =>
        Interruption.Guard(stop =>
        {
            RunResults results;
            if (FinishedMark.Find(request, artifacts.Name) is { } finished)
            {
                results = new RunFolder(finished.Folder).ReadResults();
                Terminal.Remark(
                    parsed,
                    $"Nothing has changed since this was run, {finished.FinishedAt.ToLocalTime():yyyy-MM-dd HH:mm}: its results stand."
                );
            }
            else
            {
                results = RunDisplay
                    .Follow(parsed.GetValue(CommonOptions.Quiet), tell => BenchmarkRun.Execute(request, artifacts, tell, stop))
                    .Results;
            }

            string folder = request.OutputFolder(results.Benchmark);
            if (json)
                Console.Out.Write(File.ReadAllText(Path.Combine(folder, "results.json")));
            else
                ConsoleReport.Write(Terminal.Output, results);
            Terminal.Remark(parsed, $"Results: {Path.GetRelativePath(Environment.CurrentDirectory, folder)}/{artifacts.MainFiles}");
            return ExitCode.OfRuns.Find(results);
        });
}
