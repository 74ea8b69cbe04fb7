using System.CommandLine;
using MerBench.Analysis.Queries;
using MerBench.Host;
using MerBench.Host.Results.Archives;
using MerBench.Host.Results.Tables;
using MerBench.Reports.Console;
using MerBench.Tool.Display;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class QueryCommand
{
    private const int EssentialColumns = 2;

    private enum Format
    {
        Table,
        Csv,
        Json,
        Markdown,
    }

    public static Command Create()
    {
        Argument<string?> sql = new("sql")
        {
            Description = "What to ask, in DuckDB's SQL; '-' reads it from standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Argument<string[]> runs = new Argument<string[]>("runs")
        {
            Description = "Results folders or archives of runs, or folders that hold some. Default: merbench-results.",
            Arity = ArgumentArity.ZeroOrMore,
        }.WithoutOptions();
        Option<Format> format = new("--format")
        {
            Description = "table, csv, json or markdown.",
            DefaultValueFactory = _ => Format.Table,
            HelpName = "FORMAT",
        };
        Option<bool> json = CommonOptions.Json("rows"),
            tables =
                new("--tables")
                {
                    Description = "List the tables runs, cells, metrics, clips, predictions and training with their columns.",
                };
        var command = new Command("query", "Ask SQL of one or many runs: 'select model, avg(\"mae.harm\") from cells group by model'.")
        {
            sql,
            runs,
            format,
            json,
            tables,
        };
        command.SetAction(parsed =>
        {
            bool describe = parsed.GetValue(tables);
            string? asked = parsed.GetValue(sql);
            string[] folders = [.. describe && asked is not null ? [asked] : Array.Empty<string>(), .. parsed.GetValue(runs) ?? []];
            if (!describe && asked is null)
                throw new UserErrorException(
                    "Say what to ask, such as 'merbench query \"select * from cells\"', or list the tables with --tables."
                );
            using var opened = NamedRuns.OpenAll(folders.Length > 0 ? folders : ["merbench-results"]);
            using RunDatabase database = RunDatabase.Open(opened);
            Format wanted = parsed.GetValue(json) ? Format.Json : parsed.GetValue(format);
            if (describe)
                WriteTables(database.Describe(), wanted);
            else
                WriteRows(database.Ask(asked == "-" ? Console.In.ReadToEnd() : asked!), wanted);
            StandardStreams.RequireOutput();
            return ExitCode.Fine;
        });
        return command;
    }

    private static void WriteRows(QueryResult result, Format format)
    {
        switch (format)
        {
            case Format.Csv:
                Console.Out.Write(QueryText.Csv(result));
                break;
            case Format.Json:
                Console.Out.Write(QueryText.Json(result));
                break;
            case Format.Markdown:
                Console.Out.Write(QueryText.Markdown(result));
                break;
            default:
                ConsoleTable.Write(Terminal.Output, QueryText.Table(result), EssentialColumns);
                break;
        }
    }

    private static void WriteTables(IReadOnlyList<ColumnDescription> columns, Format format)
    {
        if (format == Format.Json)
        {
            Terminal.WriteJson(columns);
            return;
        }

        foreach (IGrouping<string, ColumnDescription> table in columns.GroupBy(c => c.Table, StringComparer.Ordinal))
        {
            Terminal.Output.Write(new FlowText(0, 2).Add(table.Key, Style.Parse("bold")));
            int width = table.Max(c => c.Name.Length);
            foreach (ColumnDescription column in table)
                Terminal.Output.Write(
                    new FlowText(2, width + 4).Add($"{column.Name.PadRight(width)}  {column.Type, -24}  {column.Meaning}")
                );
        }
    }
}
