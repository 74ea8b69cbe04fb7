using System.CommandLine;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Results.Archives;
using MerBench.Reports.Figures;
using MerBench.Reports.Formats;

namespace MerBench.Tool.Commands;

internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> run = new("run")
        {
            Description = "The results folder of a run, or its archive. Default: the one in merbench-results.",
            DefaultValueFactory = _ => "merbench-results",
        };
        Option<string> format = new("--format")
        {
            Description = $"{string.Join(", ", ReportFormat.All.Select(f => f.Id))}.",
            DefaultValueFactory = _ => ReportFormat.All[0].Id,
            HelpName = "FORMAT",
        };
        Option<string?> output = new("--output", "-o")
        {
            Description =
                $"Where to write. Default: {string.Join(", ", ReportFormat.All.Select(f => f.FileName))} in the run's folder, "
                + "for an archive in one of its name beside it.",
            HelpName = "PATH",
        };
        Option<FigureWidth> columns = new("--columns")
        {
            Description = "How wide figures are: one column (3.25 inches) or two (7). Those that need two have them all the same.",
            DefaultValueFactory = _ => FigureWidth.One,
            HelpName = "one|two",
        };
        Option<bool> json = CommonOptions.Json("what was written");
        format.AcceptOnlyFromAmong([.. ReportFormat.All.Select(f => f.Id)]);
        var command = new Command(
            "report",
            "Write the report of a run from its results: a page to look at, or tables, figures, methods and bibliography for papers."
        )
        {
            run,
            format,
            output,
            columns,
            json,
        };
        command.SetAction(parsed =>
        {
            using var runs = NamedRuns.OpenSingle(parsed.GetValue(run)!);
            RunFolder folder = runs[0];
            ReportFormat wanted = ReportFormat.All.Single(f => f.Id == parsed.GetValue(format));
            IReadOnlyList<string> files = wanted.Write(
                folder,
                parsed.GetValue(output) ?? Path.Combine(folder.Home, wanted.FileName),
                parsed.GetValue(columns)
            );
            if (parsed.GetValue(json))
                Console.Out.WriteLine(
                    JsonSerializer.Serialize(
                        files.Select(f => new
                        {
                            Format = wanted.Id,
                            Path = Path.GetFullPath(f),
                            Bytes = new FileInfo(f).Length,
                        }),
                        ResultJson.Options
                    )
                );
            else
                foreach (string file in files)
                    Console.Out.WriteLine(Path.GetRelativePath(Environment.CurrentDirectory, file));
            return ExitCode.Fine;
        });
        return command;
    }
}
