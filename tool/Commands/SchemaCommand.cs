using System.CommandLine;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class SchemaCommand
{
    public static Command Create()
    {
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<string?> output = new("--output", "-o") { Description = "Write to a file instead of stdout.", HelpName = "FILE" };
        var command = new Command("schema", "Write the JSON Schema of benchmark files, with the options of every plugin, for editors.")
        {
            plugins,
            output,
        };
        command.SetAction(parsed =>
        {
            string schema = Text(parsed.GetValue(plugins) ?? []);
            if (parsed.GetValue(output) is { } path)
            {
                File.WriteAllText(path, schema);
                return ExitCode.Fine;
            }

            Console.Out.Write(schema);
            StandardStreams.RequireOutput();
            return ExitCode.Fine;
        });
        return command;
    }

    /// <summary>The schema with the options of all plugins that are found.</summary>
    public static string Text(IReadOnlyList<string> plugins) =>
        BenchmarkSchema.Create(PluginCatalogs.For(null, plugins)).ToJsonString(ResultJson.Options) + "\n";
}
