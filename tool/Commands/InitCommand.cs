using System.CommandLine;
using MerBench.Host;

namespace MerBench.Tool.Commands;

internal static class InitCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Where to write it.", DefaultValueFactory = _ => "quickstart.yaml" };
        Option<bool> force = new("--force") { Description = "Replace an existing file." };
        var command = new Command("init", "Write a benchmark file to start from: small models on procedural music, minutes on a laptop.") { file, force };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (File.Exists(path) && !parsed.GetValue(force)) throw new UserErrorException($"{path} exists already; --force replaces it.");
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            using Stream template = typeof(InitCommand).Assembly.GetManifestResourceStream("quickstart.yaml")!;
            using FileStream target = File.Create(path);
            template.CopyTo(target);
            Console.Out.WriteLine($"Wrote {path}. Next: merbench run {path}");
            return ExitCode.Fine;
        });
        return command;
    }
}
