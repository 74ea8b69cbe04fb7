using System.CommandLine;
using MerBench.Host.Plugins;
using MerBench.Reports.Console;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class ListCommand
{
    public static Command Create()
    {
        Argument<string?> file = new Argument<string?>("file")
        {
            Description = "A benchmark file, to look into 'plugins/' beside it.",
            Arity = ArgumentArity.ZeroOrOne,
        }.OfBenchmarkFiles();
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<bool> json = CommonOptions.Json("the list");
        Option<bool> only = new("--only") { Description = "Only the plugins of --plugin; exit code 3 when one of them cannot be used." };
        var command = new Command(
            "list",
            "List models, front ends, attacks, corruptions, datasets and metrics, and plugins that cannot be used."
        )
        {
            file,
            plugins,
            only,
            json,
        };
        command.SetAction(parsed =>
        {
            PluginCatalog catalog = PluginCatalogs.For(parsed.GetValue(file), parsed.GetValue(plugins) ?? []);
            if (parsed.GetValue(only))
                catalog = new PluginCatalog(PluginPaths.Within(catalog, parsed.GetValue(plugins) ?? []));
            if (parsed.GetValue(json))
                WriteJson(catalog);
            else
                Write(Terminal.Output, catalog);
            return parsed.GetValue(only) && catalog.All.Any(p => p.State != PluginState.Ready) ? ExitCode.InputWrong : ExitCode.Fine;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, PluginCatalog catalog)
    {
        int idWidth = catalog.All.Where(p => p.State == PluginState.Ready).Select(p => p.Id.Length).Append(16).Max();
        foreach (PluginKind kind in Enum.GetValues<PluginKind>())
        {
            PluginDescriptor[] ready = [.. catalog.Ready(kind).OrderBy(p => p.Id, StringComparer.Ordinal)];
            if (ready.Length == 0)
                continue;
            console.Write(new FlowText(0, 2).Add(Title(kind), Style.Parse("bold")));
            foreach (PluginDescriptor plugin in ready)
                console.Write(new FlowText(2, idWidth + 4).Add(plugin.Id.PadRight(idWidth + 2)).Add(Describe(plugin)));
        }

        WriteLines(
            console,
            "Cannot be used",
            catalog.All.Where(p => p.State != PluginState.Ready).Select(p => $"{p.Id}: {State(p.State)}: {p.Reason} ({p.AssemblyPath})")
        );
        WriteLines(console, "Notes", catalog.All.Where(p => p.Note.Length > 0).Select(p => $"{p.Id}: {p.Note} ({p.AssemblyPath})"));
    }

    private static void WriteLines(IAnsiConsole console, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length > 0)
            console.Write(new FlowText(0, 2).Add(title, Style.Parse("bold yellow")));
        foreach (string line in all)
            console.Write(new FlowText(2, 4).Add(line));
    }

    private static string Describe(PluginDescriptor plugin) =>
        plugin.LabelPreserving ? plugin.Summary : $"{plugin.Summary}; changes what listeners feel";

    private static void WriteJson(PluginCatalog catalog) =>
        Terminal.WriteJson(
            catalog.All.Select(p => new
            {
                p.Kind,
                p.Id,
                p.Summary,
                p.Source,
                References = p.References.Select(r => new
                {
                    r.BibTex,
                    r.Option,
                    r.Problem,
                }),
                p.LabelPreserving,
                p.Knowledge,
                p.IsIterative,
                p.MinimisesNorm,
                p.State,
                p.Reason,
                p.Note,
                Assembly = p.AssemblyPath,
            })
        );

    private static string Title(PluginKind kind) =>
        kind switch
        {
            PluginKind.Model => "Models",
            PluginKind.FrontEnd => "Front ends",
            PluginKind.Attack => "Attacks",
            PluginKind.Corruption => "Corruptions",
            PluginKind.Dataset => "Datasets",
            _ => "Metrics",
        };

    private static string State(PluginState state) =>
        state switch
        {
            PluginState.NeedsAnotherContract => "needs another contract",
            PluginState.MissingDependency => "missing dependency",
            PluginState.BadOptionsType => "bad options type",
            PluginState.DuplicateId => "duplicate id",
            PluginState.EndsItsProcess => "ends its process",
            PluginState.ThrewInConstructor => "threw in its constructor",
            _ => "not a plugin",
        };
}
