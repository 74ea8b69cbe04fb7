using MerBench.Host.Drafts;
using MerBench.Host.Plugins;
using Spectre.Console;

namespace MerBench.Tool.Display;

/// <summary>Asks on a terminal what a benchmark is begun with; each question has an answer that Enter takes.</summary>
internal static class InitPrompts
{
    private const string Quickstart = "the quickstart: small models on procedural music";
    private const string Own = "my own recordings, models or attacks";
    private const string Several = "pgd and noise";

    public static DraftRequest Ask(IAnsiConsole console, PluginCatalog catalog)
    {
        if (console.Prompt(new SelectionPrompt<string>().Title("What shall be measured?").AddChoices(Quickstart, Own)) == Quickstart)
            return new DraftRequest(null, null, null, null);
        string? data = AskPath(console, "Folder with recordings and a CSV of ratings (empty: procedural music):", Directory.Exists);
        string? model = AskPath(
            console,
            "Model: a TorchScript or ONNX file, or a plugin's id (empty: small models that are trained):",
            text => File.Exists(text) || catalog.Find(PluginKind.Model, text) is not null
        );
        string attack = console.Prompt(
            new SelectionPrompt<string>()
                .Title("What shall it withstand?")
                .AddChoices([Several, .. catalog.Ready(PluginKind.Attack).Select(p => p.Id).Order(StringComparer.Ordinal)])
        );
        return new DraftRequest(data, null, model, attack == Several ? null : attack);
    }

    private static string? AskPath(IAnsiConsole console, string question, Func<string, bool> isThere)
    {
        string answer = console.Prompt(
            new TextPrompt<string>(question)
                .AllowEmpty()
                .Validate(text => text.Trim().Length == 0 || isThere(text.Trim()), "[red]there is no such thing[/]")
        );
        return answer.Trim() is { Length: > 0 } given ? given : null;
    }
}
