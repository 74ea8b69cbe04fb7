using System.CommandLine;
using MerBench.Host;
using MerBench.Host.Drafts;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class InitCommand
{
    private const string Schema = "merbench.schema.json";

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Where to write it.", DefaultValueFactory = _ => "quickstart.yaml" };
        Option<string?> data = new("--data")
        {
            Description =
                "A folder with audio and a table of ratings (CSV), whose columns and scale are guessed. Default: procedural music.",
            HelpName = "DIR",
        };
        Option<string?> ratings = new("--ratings")
        {
            Description = "The table, where it is not the one in that folder.",
            HelpName = "FILE",
        };
        Option<string?> model = new("--model")
        {
            Description = "A model's file (TorchScript, ONNX), or a plugin's id. Default: small models that are trained.",
            HelpName = "FILE|ID",
        };
        Option<string?> attack = new("--attack")
        {
            Description = "The id of an attack or a corruption. Default: pgd and noise.",
            HelpName = "ID",
        };
        Option<BuildServer?> server = new("--ci")
        {
            Description =
                "github or gitlab: write what makes it verify the benchmark at each change. Takes a benchmark that is there as it is.",
            HelpName = "SERVER",
        };
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<bool> force = new("--force") { Description = "Replace existing files." };
        Option<bool> json = CommonOptions.Json("the paths of what was written");
        var command = new Command(
            "init",
            "Write a benchmark file to start from, of your data and model or of small models on procedural music (minutes on a laptop), "
                + "and the schema that editors complete it with. On a terminal it asks."
        )
        {
            file,
            data,
            ratings,
            model,
            attack,
            server,
            plugins,
            force,
            json,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            bool replaces = parsed.GetValue(force);
            BuildServer? wanted = parsed.GetValue(server);
            var request = new DraftRequest(
                parsed.GetValue(data),
                parsed.GetValue(ratings),
                parsed.GetValue(model),
                parsed.GetValue(attack)
            );
            bool isKept = wanted is not null && File.Exists(path) && request.IsEmpty;
            if (File.Exists(path) && !replaces && !isKept)
                throw new UserErrorException($"{path} exists already; --force replaces it.");
            if (wanted is { } asked)
                BuildServerFiles.Require(asked, Environment.CurrentDirectory, path, replaces);
            string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
            if (!isKept)
                foreach (string remark in Write(path, folder, request, parsed.GetValue(plugins) ?? [], Asks(parsed, file)))
                    Terminal.Remark(parsed, remark);
            IReadOnlyList<string> ofServer = wanted is { } named ? BuildServerFiles.Write(named, Environment.CurrentDirectory, path) : [];
            if (parsed.GetValue(json))
                Terminal.WriteJson(
                    new
                    {
                        File = Path.GetFullPath(path),
                        Schema = Path.Combine(folder, Schema),
                        Ci = ofServer,
                    }
                );
            else if (!parsed.GetValue(CommonOptions.Quiet))
                Tell(path, isKept, ofServer);
            return ExitCode.Fine;
        });
        return command;
    }

    private static IReadOnlyList<string> Write(string path, string folder, DraftRequest request, string[] plugins, bool asks)
    {
        if (asks)
            request = InitPrompts.Ask(Terminal.Output, PluginCatalogs.For(path, plugins));
        BenchmarkDraft draft = request.IsEmpty
            ? new BenchmarkDraft(ReadQuickstart(), [])
            : BenchmarkDraft.Create(request, path, PluginCatalogs.For(path, plugins));
        AtomicFile.Write(Path.Combine(folder, Schema), SchemaCommand.Text(plugins));
        AtomicFile.Write(path, draft.Text);
        return draft.Remarks;
    }

    // Whoever has said anything has said all.
    private static bool Asks(ParseResult parsed, Argument<string> file) =>
        Terminal.Output.Profile.Capabilities.Interactive
        && !Console.IsInputRedirected
        && parsed.GetResult(file) is null or { Tokens.Count: 0 }
        && parsed.CommandResult.Children.All(c => c is not System.CommandLine.Parsing.OptionResult { Implicit: false });

    private static string ReadQuickstart()
    {
        using Stream template = typeof(InitCommand).Assembly.GetManifestResourceStream("quickstart.yaml")!;
        using var reader = new StreamReader(template);
        return reader.ReadToEnd();
    }

    private static void Tell(string path, bool isKept, IReadOnlyList<string> ofServer)
    {
        if (!isKept)
            Terminal.WriteLine($"Wrote {path} and {Schema} beside it. Next: merbench run {path}");
        if (ofServer.Count > 0)
            Terminal.WriteLine($"Wrote {string.Join(" and ", ofServer)}. Next: merbench verify {path} --accept, and commit what it wrote");
    }
}
