using System.CommandLine;
using System.CommandLine.Help;
using MerBench.Host;

namespace MerBench.Tool.Manual;

/// <summary>The manual page of the tool, made of its verbs as they are.</summary>
internal static class ManualPage
{
    private static readonly (string Name, string Meaning)[] Variables =
    [
        ("MERBENCH_CACHE", "Folder of finished cells, trained models and features, instead of .merbench beside the benchmark file."),
        ("MERBENCH_LIBTORCH", "Folder of a libtorch to use instead of the bundled one."),
        ("MERBENCH_ISOLATION", "process or none: where plugins of others run."),
        ("MERBENCH_REPORT", "off: runs make no pages, pictures and sounds."),
        ("MERBENCH_ANNOTATIONS", "github, msbuild or none: how mistakes point into files on build servers."),
        ("MERBENCH_HEARTBEAT", "Seconds of silence in a log after which a run says that it is still at it."),
        ("NO_COLOR, FORCE_COLOR, CI", "No colours; colours in logs too; a log even on a terminal."),
    ];

    private static readonly (string Code, string Meaning)[] ExitCodes =
    [
        ("0", "All is well."),
        ("1", "A cell failed."),
        ("2", "Robustness regressed."),
        ("3", "The input is wrong."),
        ("4", "The environment is wrong."),
        ("5", "Cells of shards are missing."),
        ("130, 143", "Interrupted by Ctrl+C; ended by SIGTERM."),
    ];

    /// <param name="day">When this version was made.</param>
    public static string Write(RootCommand root, DateTime day)
    {
        var page = new Roff();
        page.Title("MERBENCH", day, $"MerBench {ProductVersion.Text}");
        page.Section("NAME");
        page.Text("merbench - measures how robust music emotion recognition models are");
        page.Section("SYNOPSIS");
        page.Text("merbench VERB [ARGUMENT ...] [OPTION ...]");
        page.Section("DESCRIPTION");
        page.Text(root.Description!.Split('\n')[0]);
        page.Paragraph("As a tool of a project it is called 'dotnet merbench'. 'merbench VERB --help' is about one verb.");
        page.Section("VERBS");
        foreach (Command verb in root.Subcommands.Where(c => !c.Hidden))
            Write(page, verb);
        page.Section("EXIT STATUS");
        foreach ((string code, string meaning) in ExitCodes)
            page.Item(code, meaning);
        page.Section("ENVIRONMENT");
        foreach ((string name, string meaning) in Variables)
            page.Item(name, meaning);
        page.Section("FILES");
        page.Item("merbench-results/NAME", "Results of the benchmark NAME.");
        page.Item(".merbench", "Finished work, beside the benchmark file.");
        page.Item("~/.merbench/plugins", "Plugins for all benchmarks.");
        return page.ToString();
    }

    private static void Write(Roff page, Command verb)
    {
        page.Subsection($"merbench {verb.Name}{string.Concat(verb.Arguments.Select(a => $" {Write(a)}"))} [OPTION ...]");
        page.Text(verb.Description!);
        foreach (Argument argument in verb.Arguments)
            page.Item(argument.Name.ToUpperInvariant(), argument.Description ?? "");
        foreach (Option option in verb.Options.Where(o => o is not HelpOption && !o.Hidden))
            page.Item(Write(option), option.Description ?? "");
        foreach (Example example in Examples.Find(verb.Name))
        {
            page.Paragraph($"{example.Purpose}:");
            page.Typed(example.Command);
        }
    }

    private static string Write(Argument argument)
    {
        string name = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? " ..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{name}]" : name;
    }

    private static string Write(Option option) =>
        string.Join(", ", option.Aliases.Prepend(option.Name)) + (option.HelpName is { } value ? $" {value}" : "");
}
