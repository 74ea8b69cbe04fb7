using System.CommandLine;
using MerBench.Host;

namespace MerBench.Tool.Commands;

internal static class InitCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Where to write it.", DefaultValueFactory = _ => "quickstart.yaml" };
        Option<bool> force = new("--force") { Description = "Replace an existing file." };
        var command = new Command("init", "Write a benchmark file to start from (small models on procedural music, minutes on a laptop), and the schema that editors complete it with.") { file, force };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (File.Exists(path) && !parsed.GetValue(force)) throw new UserErrorException($"{path} exists already; --force replaces it.");
            string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "merbench.schema.json"), SchemaCommand.Text([]));
            using Stream template = typeof(InitCommand).Assembly.GetManifestResourceStream("quickstart.yaml")!;
            using FileStream target = File.Create(path);
            template.CopyTo(target);
            Console.Out.WriteLine($"Wrote {path} and merbench.schema.json beside it. Next: merbench run {path}");
            return ExitCode.Fine;
        });
        return command;
    }
}
