using System.CommandLine;
using MerBench.Host.Results.Archives;
using MerBench.Reports.Trackers;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class ExportMlflowCommand
{
    public static Command Create()
    {
        Argument<string> run = new("run")
        {
            Description = "The results folder of a run, or its archive. Default: the one in merbench-results.",
            DefaultValueFactory = _ => "merbench-results",
        };
        Option<string> to = new("--to")
        {
            Description = "MLflow's folder, or the address of a tracking server, such as http://localhost:5000.",
            HelpName = "DIR|URL",
            DefaultValueFactory = _ => "mlruns",
        };
        Option<string?> experiment = new("--experiment")
        {
            Description = "The experiment that it belongs to. Default: the benchmark's name.",
            HelpName = "NAME",
        };
        Option<bool> json = CommonOptions.Json("what was written");
        var command = new Command("export-mlflow", "Write a run for MLflow: one of its runs for the benchmark, and below it one a cell.")
        {
            run,
            to,
            experiment,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                using var runs = NamedRuns.OpenSingle(parsed.GetValue(run)!);
                var export = MlflowExport.Write(runs[0], parsed.GetValue(to)!, parsed.GetValue(experiment), cancel);
                if (parsed.GetValue(json))
                    Terminal.WriteJson(export);
                else
                    Terminal.WriteLine($"{export.To}: experiment {export.Experiment}, run {export.Run} with {export.Cells} cells");
                if (export.LeftOut is { } reason)
                    Terminal.Warn($"warning: artifacts are left out: {reason}");
                return Task.FromResult(ExitCode.Fine);
            }
        );
        return command;
    }
}
