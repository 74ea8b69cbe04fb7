using System.CommandLine;
using MerBench.Host;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class InitCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "Where to write it.", DefaultValueFactory = _ => "quickstart.yaml" };
        Option<bool> force = new("--force") { Description = "Replace an existing file." };
        Option<bool> json = CommonOptions.Json("the paths of what was written");
        var command = new Command(
            "init",
            "Write a benchmark file to start from (small models on procedural music, minutes on a laptop), and the schema that editors "
                + "complete it with."
        )
        {
            file,
            force,
            json,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (File.Exists(path) && !parsed.GetValue(force))
                throw new UserErrorException($"{path} exists already; --force replaces it.");
            string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
            Directory.CreateDirectory(folder);
            string schema = Path.Combine(folder, "merbench.schema.json");
            File.WriteAllText(schema, SchemaCommand.Text([]));
            using Stream template = typeof(InitCommand).Assembly.GetManifestResourceStream("quickstart.yaml")!;
            using FileStream target = File.Create(path);
            template.CopyTo(target);
            if (parsed.GetValue(json))
                Terminal.WriteJson(new { File = Path.GetFullPath(path), Schema = schema });
            else if (!parsed.GetValue(CommonOptions.Quiet))
                Terminal.WriteLine($"Wrote {path} and merbench.schema.json beside it. Next: merbench run {path}");
            return ExitCode.Fine;
        });
        return command;
    }
}
