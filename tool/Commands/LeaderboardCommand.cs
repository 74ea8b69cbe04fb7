using System.CommandLine;
using MerBench.Analysis.Leaderboards;
using MerBench.Host.Results.Archives;
using MerBench.Reports.Html;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class LeaderboardCommand
{
    public static Command Create()
    {
        Argument<string[]> runs = new Argument<string[]>("runs")
        {
            Description = "Results folders or archives of runs, or folders that hold some. Default: merbench-results.",
            Arity = ArgumentArity.ZeroOrMore,
        }.WithoutOptions();
        Option<string> output = new("--output", "-o")
        {
            Description = "Folder of the site.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "site",
        };
        Option<string?> threat = new("--threat-model") { Description = "Only this threat model; all by default.", HelpName = "NAME" };
        Option<bool> json = CommonOptions.Json("the leaderboard, besides the site,");
        var command = new Command(
            "leaderboard",
            "Rank the models of many runs by their worst case under the declared threat model, as a static site."
        )
        {
            runs,
            output,
            threat,
            json,
        };
        command.SetAction(parsed =>
        {
            string[] folders = parsed.GetValue(runs) is { Length: > 0 } named ? named : ["merbench-results"];
            string site = parsed.GetValue(output)!;
            using var opened = NamedRuns.OpenAll(folders);
            var leaderboard = Leaderboard.Rank(opened, parsed.GetValue(threat));
            LeaderboardSite.Write(leaderboard, site);
            if (parsed.GetValue(json))
                Terminal.WriteJson(leaderboard);
            else
                Terminal.WriteLine(Path.Combine(Path.GetRelativePath(Environment.CurrentDirectory, site), "index.html"));
            return ExitCode.Fine;
        });
        return command;
    }
}
