using System.CommandLine;
using System.Text;
using System.Text.Json;
using MerBench.Analysis.Audit;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Reports.Figures;
using MerBench.Reports.Markdown;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class AuditCommand
{
    public static Command Create()
    {
        Argument<string[]> logs = new Argument<string[]>("logs")
        {
            Description =
                "Logs (SYSTEM/seedN/log.csv, or .csv and .parquet files as docs/audit.md describes), folders that hold them, results "
                + "folders of runs, or archives.",
            Arity = ArgumentArity.OneOrMore,
        }.WithoutOptions();
        Option<long> inputValues = new("--input-values")
        {
            Description = "Numbers in one attacked input, to turn a configured radius into a bound on the L2 norm.",
            HelpName = "N",
            DefaultValueFactory = _ => LogAudit.PaperInputValues,
        };
        Option<double> margin = new("--equivalence-margin")
        {
            Description = "Largest difference in mean absolute error that counts as none, in rating units (0-1).",
            HelpName = "X",
            DefaultValueFactory = _ => LogStatistics.DefaultMargin,
        };
        Option<string?> systems = new("--systems") { Description = "Only these systems, in this order: A2E,aA2E.", HelpName = "NAMES" };
        Option<string?> emotions = new("--emotions")
        {
            Description = "Emotions in the figure of ratings: tension,tender. Default: all.",
            HelpName = "NAMES",
        };
        Option<int?> seed = new("--seed") { Description = "Seed in the figure of ratings. Default: each system's first.", HelpName = "N" };
        Option<string?> output = new("--output", "-o")
        {
            Description = "Folder for audit.json, audit.md and the figures harm and ratings (PNG, SVG); none by default.",
            HelpName = "DIR",
        };
        Option<string?> export = new("--export")
        {
            Description = "Write the logs as one .csv or .parquet file in MerBench's own format.",
            HelpName = "FILE",
        };
        Option<bool> json = CommonOptions.Json("the audit");
        var command = new Command(
            "audit",
            "Recompute what published attack logs say, without running any model, and what to know before believing it."
        )
        {
            logs,
            inputValues,
            margin,
            systems,
            emotions,
            seed,
            output,
            export,
            json,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(inputValues) < 1)
                throw new UserErrorException("--input-values must be at least 1.");
            if (parsed.GetValue(margin) is not (> 0 and <= 1))
                throw new UserErrorException("--equivalence-margin must be above 0 and at most 1.");
            IReadOnlyList<ClipLog> read = Choose(AttackLogReader.Read(parsed.GetRequiredValue(logs)), Names(parsed.GetValue(systems)));
            IReadOnlyList<string> shown = Names(parsed.GetValue(emotions)) ?? read[0].Emotions;
            if (shown.FirstOrDefault(e => !read[0].Emotions.Contains(e, StringComparer.Ordinal)) is { } unknown)
                throw new UserErrorException(
                    $"--emotions: there is no '{unknown}' in the logs; they have {string.Join(", ", read[0].Emotions)}."
                );
            if (parsed.GetValue(seed) is { } chosen && read.All(l => l.Seed != chosen))
                throw new UserErrorException($"--seed: no log is of seed {chosen}.");
            LogAudit audit = LogAudit.Examine(read, parsed.GetValue(inputValues), parsed.GetValue(margin));
            if (parsed.GetValue(export) is { } file)
                NeutralLogWriter.Write(file, read);
            string asJson = JsonSerializer.Serialize(audit, ResultJson.Options) + "\n";
            if (parsed.GetValue(output) is { } folder)
            {
                AtomicFile.Write(Path.Combine(folder, "audit.json"), Encoding.UTF8.GetBytes(asJson));
                AtomicFile.Write(Path.Combine(folder, "audit.md"), Encoding.UTF8.GetBytes(AuditReport.Markdown(audit)));
                if (FigureWriter.Obstacle() is { } obstacle)
                    Terminal.Remark(parsed, $"No figures: {obstacle}.");
                else
                    LogFigures.Write(read, shown, parsed.GetValue(seed), "", Path.Combine(folder, "harm"), Path.Combine(folder, "ratings"));
            }

            if (parsed.GetValue(json))
                Console.Out.Write(asJson);
            else
                AuditReport.Write(Terminal.Output, audit);
            return ExitCode.Fine;
        });
        return command;
    }

    private static string[]? Names(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IReadOnlyList<ClipLog> Choose(IReadOnlyList<ClipLog> logs, string[]? systems)
    {
        if (systems is null || systems.Length == 0)
            return logs;
        if (systems.FirstOrDefault(s => logs.All(l => l.System != s)) is { } unknown)
            throw new UserErrorException(
                $"--systems: there is no '{unknown}' in the logs; they have "
                    + $"{string.Join(", ", logs.Select(l => l.System).Distinct(StringComparer.Ordinal))}."
            );
        return [.. systems.Distinct(StringComparer.Ordinal).SelectMany(s => logs.Where(l => l.System == s))];
    }
}
