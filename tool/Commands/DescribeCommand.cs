using System.CommandLine;
using MerBench.Host;
using MerBench.Host.Bibliography;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Reports.Console;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class DescribeCommand
{
    public static Command Create()
    {
        Argument<string?> id = new Argument<string?>("id")
        {
            Description = "A plugin's id, as 'merbench list' shows it.",
            Arity = ArgumentArity.ZeroOrOne,
        }.OfPlugins();
        Option<string?> model = new("--model")
        {
            Description = "A file that a model is made from (ONNX, TorchScript, weights), to say what is in it.",
            HelpName = "FILE",
        };
        Option<string?> beside = new Option<string?>("--file")
        {
            Description = "A benchmark file, to look into 'plugins/' beside it.",
            HelpName = "FILE",
        }.OfBenchmarkFiles();
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<bool> json = CommonOptions.Json("the description");
        var command = new Command(
            "describe",
            "Show what a plugin is, its options with defaults and ranges, and its source; or what a model's file is."
        )
        {
            id,
            model,
            beside,
            plugins,
            json,
        };
        command.SetAction(parsed =>
        {
            PluginCatalog catalog = PluginCatalogs.For(parsed.GetValue(beside), parsed.GetValue(plugins) ?? []);
            if (parsed.GetValue(model) is { } file)
                return DescribeFile(ModelFileReader.Read(file, catalog), parsed.GetValue(json));
            if (parsed.GetValue(id) is not { } wanted)
                throw new UserErrorException("name a plugin, such as 'merbench describe vgg', or a file by --model.");
            PluginDescriptor[] found = Find(catalog, wanted);
            if (parsed.GetValue(json))
                Terminal.WriteJson(
                    found.Select(p => new
                    {
                        p.Kind,
                        p.Id,
                        p.Summary,
                        p.Source,
                        References = p.References.Select(r => r.BibTex),
                        Options = Options(p),
                    })
                );
            else
                foreach (PluginDescriptor plugin in found)
                    Write(Terminal.Output, plugin, Options(plugin));

            return ExitCode.Fine;
        });
        return command;
    }

    private static int DescribeFile(ModelFileDescription file, bool asJson)
    {
        if (asJson)
        {
            Terminal.WriteJson(file);
            return ExitCode.Fine;
        }

        string use = file.Use is { } id ? $" (model: {id})" : "";
        Terminal.Output.Write(new FlowText(0, 2).Add(file.File, Style.Parse("bold")).Add(use));
        foreach (ModelFileFact fact in file.Facts)
            Terminal.Output.Write(new FlowText(2, 6).Add(fact.Name, Style.Parse("bold")).Add($": {fact.Value}"));
        foreach (string remark in file.Remarks)
            Terminal.Output.Write(new FlowText(0, 2).Add($"Remark: {remark}"));
        return ExitCode.Fine;
    }

    private static IReadOnlyList<OptionRow> Options(PluginDescriptor plugin) =>
        plugin.OptionsType is { } type ? OptionsShape.Find(type).Describe() : [];

    private static PluginDescriptor[] Find(PluginCatalog catalog, string id)
    {
        PluginDescriptor[] found = [.. catalog.All.Where(p => p.Id == id)];
        if (found.Length == 0)
            throw new UserErrorException(
                $"there is no plugin '{id}'; {NearestName.Hint(id, catalog.All.Select(p => p.Id), "see 'merbench list'")}."
            );
        PluginDescriptor[] ready = [.. found.Where(p => p.State == PluginState.Ready)];
        return ready.Length > 0 ? ready : throw new UserErrorException($"'{id}' cannot be used: {found[0].Reason}.");
    }

    private static void Write(IAnsiConsole console, PluginDescriptor plugin, IReadOnlyList<OptionRow> options)
    {
        console.Write(
            new FlowText(0, 2)
                .Add(plugin.Id, Style.Parse("bold"))
                .Add($" ({KebabCase.Convert(plugin.Kind.ToString()!).Replace('-', ' ')}): {plugin.Summary}")
        );
        if (plugin.Source.Length > 0)
            console.Write(new FlowText(0, 2).Add($"Source: {plugin.Source}"));
        foreach (PluginReference reference in plugin.References)
            console.Write(
                new FlowText(0, 2).Add(
                    $"Cite{(reference.Option.Length > 0 ? $" where {reference.Option} is set" : "")}: {reference.Citation}"
                )
            );
        if (options.Count == 0)
        {
            console.WriteLine("It has no options.");
            return;
        }

        foreach (OptionRow option in options)
        {
            string value = option.Default.StartsWith("required", StringComparison.Ordinal) ? option.Default : $"default {option.Default}";
            string range = option.Range.Length > 0 ? $", {option.Range}" : "";
            console.Write(
                new FlowText(2, 6)
                    .Add(option.Key, Style.Parse("bold"))
                    .Add($": {option.Type} ")
                    .Add($"({value}{range})", Style.Parse("grey"))
            );
            if (option.Description.Length > 0)
                console.Write(new FlowText(6, 6).Add(option.Description));
        }
    }
}
