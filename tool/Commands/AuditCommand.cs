using System.CommandLine;
using System.Text;
using System.Text.Json;
using MerBench.Host;
using MerBench.Host.Audit;
using MerBench.Host.Reports;
using MerBench.Host.Results;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class AuditCommand
{
    public static Command Create()
    {
        Argument<string[]> logs = new("logs") { Description = "Logs (SYSTEM/seedN/log.csv, or .csv and .parquet files as docs/audit.md describes), or folders that hold them.", Arity = ArgumentArity.OneOrMore };
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
        Option<string?> output = new("--output", "-o") { Description = "Folder for audit.json and audit.md; none by default.", HelpName = "DIR" };
        Option<string?> export = new("--export") { Description = "Write the logs as one .csv or .parquet file in MerBench's own format.", HelpName = "FILE" };
        Option<bool> json = CommonOptions.Json("the audit");
        var command = new Command("audit", "Recompute what published attack logs say, without running any model, and what to know before believing it.") { logs, inputValues, margin, output, export, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(inputValues) < 1) throw new UserErrorException("--input-values must be at least 1.");
            if (parsed.GetValue(margin) is not (> 0 and <= 1)) throw new UserErrorException("--equivalence-margin must be above 0 and at most 1.");
            IReadOnlyList<AttackLog> read = AttackLogReader.Read(parsed.GetRequiredValue(logs));
            LogAudit audit = LogAudit.Of(read, parsed.GetValue(inputValues), parsed.GetValue(margin));
            if (parsed.GetValue(export) is { } file) NeutralLogWriter.Write(file, read);
            string asJson = JsonSerializer.Serialize(audit, ResultJson.Options) + "\n";
            if (parsed.GetValue(output) is { } folder)
            {
                AtomicFile.Write(Path.Combine(folder, "audit.json"), Encoding.UTF8.GetBytes(asJson));
                AtomicFile.Write(Path.Combine(folder, "audit.md"), Encoding.UTF8.GetBytes(AuditReport.Markdown(audit)));
            }

            if (parsed.GetValue(json)) Console.Out.Write(asJson);
            else AuditReport.Write(AnsiConsole.Console, audit);
            return ExitCode.Fine;
        });
        return command;
    }
}
