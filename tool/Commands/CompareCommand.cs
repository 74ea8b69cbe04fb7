using System.CommandLine;
using System.Text;
using MerBench.Analysis.Comparisons;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Results.Archives;
using MerBench.Reports.Console;
using MerBench.Reports.Html;
using MerBench.Reports.Markdown;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class CompareCommand
{
    private enum Format
    {
        Console,
        Markdown,
        Html,
    }

    public static Command Create()
    {
        Argument<string[]> runs = new Argument<string[]>("runs")
        {
            Description =
                "Results folders or archives of two runs, the earlier one first; or of one, to compare models within it with --models.",
            Arity = new ArgumentArity(1, 2),
        }.WithoutOptions();
        Option<string[]> rename = new("--rename")
        {
            Description = "A model or perturbation that is called otherwise in the second run. Repeatable.",
            HelpName = "OLD=NEW",
        };
        Option<string[]> models = new("--models")
        {
            Description = "Compare only model A of the first run with model B of the second. Repeatable.",
            HelpName = "A=B",
        };
        Option<double?> margin = new("--margin")
        {
            Description =
                "Largest difference in mean absolute error that counts as none, in rating units. Default: a fiftieth of the scale.",
            HelpName = "X",
        };
        Option<Format?> format = new("--format")
        {
            Description = "console, markdown or html. Default: that of the output's name, else console.",
            HelpName = "FORMAT",
        };
        Option<string?> output = new("--output", "-o") { Description = "Write to a file instead of the console.", HelpName = "FILE" };
        Option<bool> json = CommonOptions.Json("the comparison, with all its numbers,");
        var command = new Command(
            "compare",
            "Compare two runs, or two models: paired by cell and clip, what moved, beyond what noise, and what changed in the inputs."
        )
        {
            runs,
            rename,
            models,
            margin,
            format,
            output,
            json,
        };
        command.SetAction(parsed =>
        {
            NamePair[] renamed = [.. (parsed.GetValue(rename) ?? []).Select(r => NamePair.Parse("--rename", r))],
                compared = [.. (parsed.GetValue(models) ?? []).Select(m => NamePair.Parse("--models", m))];
            using var folders = NamedRuns.OpenEach(parsed.GetRequiredValue(runs));
            if (folders.Count == 1 && compared.Length == 0)
                throw new UserErrorException("name a second run to compare with, or models to compare within this one: --models A=B");
            if (parsed.GetValue(margin) is <= 0)
                throw new UserErrorException("--margin must be above 0.");
            RunComparison comparison = RunComparison.Compare(folders[0], folders[^1], renamed, compared, parsed.GetValue(margin));
            string? file = parsed.GetValue(output);
            Format wanted = parsed.GetValue(format) ?? FormatOf(file);
            if (file is not null)
                AtomicFile.Write(file, Encoding.UTF8.GetBytes(Text(comparison, wanted)));
            if (parsed.GetValue(json))
                Terminal.WriteJson(comparison);
            else if (file is not null)
                Terminal.WriteLine(Path.GetRelativePath(Environment.CurrentDirectory, file));
            else if (wanted == Format.Console)
                ComparisonConsole.Write(Terminal.Output, comparison);
            else
                Console.Out.Write(Text(comparison, wanted));
            return ExitCode.Fine;
        });
        return command;
    }

    private static Format FormatOf(string? file) =>
        Path.GetExtension(file)?.ToLowerInvariant() switch
        {
            ".md" or ".markdown" => Format.Markdown,
            ".html" or ".htm" => Format.Html,
            _ => Format.Console,
        };

    private static string Text(RunComparison comparison, Format format) =>
        format switch
        {
            Format.Markdown => ComparisonMarkdown.Render(comparison),
            Format.Html => ComparisonPage.Create(comparison).Render(),
            _ => Plain(comparison),
        };

    private static string Plain(RunComparison comparison)
    {
        using var text = new StringWriter();
        ComparisonConsole.Write(ConsoleTraits.Find(isTerminal: false, _ => null).Create(text), comparison);
        return text.ToString();
    }
}
