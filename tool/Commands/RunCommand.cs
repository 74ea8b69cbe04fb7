using System.CommandLine;
using MerBench.Host.Execution;
using MerBench.Host.Reports;
using MerBench.Host.Results;
using MerBench.Tool.Display;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<string?> output = new("--output", "-o") { Description = "Folder for results.json and results.md. Default: merbench-results/NAME.", HelpName = "DIR" };
        Option<string?> cache = CommonOptions.Cache();
        Option<string?> libtorch = CommonOptions.LibTorch();
        Option<string> device = new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
        Option<int?> threads = new("--threads") { Description = "Threads for torch. Default: MERBENCH_THREADS, else all cores.", HelpName = "N" };
        Option<bool> json = CommonOptions.Json("the results, instead of the table,");
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress; errors and results only." };
        var command = new Command("run", "Run a benchmark; what was finished before is not computed again.")
        {
            file, plugins, output, cache, libtorch, device, threads, json, quiet,
        };
        command.SetAction((parsed, cancel) =>
        {
            var request = new RunRequest(
                parsed.GetRequiredValue(file), parsed.GetValue(plugins) ?? [], parsed.GetValue(output), parsed.GetValue(cache),
                parsed.GetValue(libtorch), parsed.GetValue(device)!, parsed.GetValue(threads));
            return Task.FromResult(Run(request, parsed.GetValue(json), parsed.GetValue(quiet)));
        });
        return command;
    }

    private static int Run(RunRequest request, bool json, bool quiet)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            // The first Ctrl+C ends the run cleanly, the second one at once.
            pressed.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => { signal.Cancel = true; stop.Cancel(); });
        try
        {
            RunResults results = RunDisplay.Follow(quiet, tell => BenchmarkRun.Execute(request, tell, stop.Token));
            string folder = request.OutputFolder(results.Benchmark);
            if (json) Console.Out.Write(File.ReadAllText(Path.Combine(folder, "results.json")));
            else ConsoleReport.Write(AnsiConsole.Console, results);
            Console.Error.WriteLine($"Results: {Path.GetRelativePath(Environment.CurrentDirectory, folder)}/results.md, results.json");
            return results.FailedCells > 0 ? ExitCode.CellFailed : ExitCode.Fine;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Interrupted. Finished cells and models are kept; the same command continues.");
            return ExitCode.Interrupted;
        }
    }
}
