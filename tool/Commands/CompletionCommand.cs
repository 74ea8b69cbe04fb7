using System.CommandLine;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class CompletionCommand
{
    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = $"{string.Join(", ", CompletionScript.Shells)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScript.Shells]);
        Option<bool> json = CommonOptions.Json("the script");
        var command = new Command("completion", "Write what makes a shell complete verbs, options, plugins and benchmark files.")
        {
            shell,
            json,
        };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(shell);
            string script = CompletionScript.Read(wanted);
            if (parsed.GetValue(json))
                Terminal.WriteJson(new { Shell = wanted, Script = script });
            else
                Console.Out.Write(script);
            StandardStreams.RequireOutput();
            return ExitCode.Fine;
        });
        return command;
    }
}
