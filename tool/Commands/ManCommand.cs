using System.CommandLine;
using MerBench.Tool.Display;
using MerBench.Tool.Manual;

namespace MerBench.Tool.Commands;

internal static class ManCommand
{
    public static Command Create(RootCommand root)
    {
        Option<bool> json = CommonOptions.Json("the page, and the examples of all verbs,");
        var command = new Command("man", "Write the manual page, of all verbs with their options and examples, for 'man'.") { json };
        command.SetAction(parsed =>
        {
            string page = ManualPage.Write(root, File.GetLastWriteTimeUtc(typeof(ManCommand).Assembly.Location));
            if (parsed.GetValue(json))
                Terminal.WriteJson(
                    new
                    {
                        Page = page,
                        Verbs = root.Subcommands.Where(c => !c.Hidden).Select(c => new { c.Name, Examples = Examples.Find(c.Name) }),
                    }
                );
            else
                Console.Out.Write(page);
            StandardStreams.RequireOutput();
            return ExitCode.Fine;
        });
        return command;
    }
}
