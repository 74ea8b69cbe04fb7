using System.CommandLine;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Text;
using MerBench.Host.Torch;
using MerBench.Reports.Tables;
using MerBench.Tool;
using MerBench.Tool.Commands;
using MerBench.Tool.Display;
using MerBench.Tool.Manual;
using MerBench.Tool.Supervision;

StandardStreams.Protect();
PackedNatives.Offer(Terminal.Warn);
var supervised = SupervisedProcess.Connect();
if (supervised is not null)
    StandardStreams.KeepOutputFromGuests();
var root = new RootCommand(
    """
    MerBench measures how robust music emotion recognition models are to adversarial and natural perturbations.

    Start with 'merbench init' and 'merbench run quickstart.yaml'.
    Exit codes: 0 fine, 1 a cell failed, 2 robustness regressed, 3 the input is wrong, 4 the environment is wrong, 5 cells of shards are
    missing, 130 interrupted by Ctrl+C, 143 by SIGTERM.
    """
)
{
    RunCommand.Create(),
    PlanCommand.Create(),
    MergeCommand.Create(),
    WatchCommand.Create(),
    VerifyCommand.Create(),
    AcceptCommand.Create(),
    ListCommand.Create(),
    DescribeCommand.Create(),
    ValidateCommand.Create(),
    SchemaCommand.Create(),
    QueryCommand.Create(),
    ReportCommand.Create(),
    ArchiveCommand.Create(),
    ExportAudioCommand.Create(),
    ExportMlflowCommand.Create(),
    CompareCommand.Create(),
    LeaderboardCommand.Create(),
    AuditCommand.Create(),
    ConformCommand.Create(),
    DoctorCommand.Create(),
    CacheCommand.Create(),
    SelfTestCommand.Create(),
    InitCommand.Create(),
    CompletionCommand.Create(),
    WorkerCommand.Create(),
};
root.Add(ManCommand.Create(root));
root.Add(CommonOptions.Quiet);
HelpWithExamples.AddTo(root);

using IDisposable? limit = Interruption.SurviveFileSizeLimit();
ParseResult command = root.Parse(args);
if (command.Errors.Count > 0)
{
    string[] verbs = [.. root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
    if (command.CommandResult.Command == root && command.UnmatchedTokens is [var verb, ..] && !verb.StartsWith('-'))
        Terminal.Warn($"error: there is no verb '{verb}'; {NearestName.Hint(verb, verbs, "none is known")}");
    else
        foreach (var error in command.Errors)
            Terminal.Warn($"error: {error.Message}");
    Terminal.Warn($"Try 'merbench {(command.CommandResult.Command == root ? "" : $"{command.CommandResult.Command.Name} ")}--help'.");
    return Finish(ExitCode.InputWrong);
}

UnfinishedEnd.Watch(isWatched: supervised is not null || command.CommandResult.Command.Name == WorkerCommand.Name);
if (supervised is null && Supervisor.IsNeeded(command))
    return Finish(new Supervisor(command.CommandResult.Command.Name, args).Run());
return ProcessEnd.With(Finish(await Execute()));

int Finish(int exitCode)
{
    UnfinishedEnd.Finish();
    supervised?.End(exitCode);
    return exitCode;
}

async Task<int> Execute()
{
    try
    {
        return await command.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
        );
    }
    catch (UserErrorException problem)
    {
        foreach (
            string line in (
                problem.Message.Contains("error:", StringComparison.Ordinal) ? problem.Message : $"error: {problem.Message}"
            ).Split('\n')
        )
            Terminal.Warn(line);
        foreach (string line in Annotations.OfProblems(problem.Message, Annotations.FromEnvironment(Environment.GetEnvironmentVariable)))
            Console.Error.WriteLine(line);
        return ExitCode.OfRuns.Find(problem);
    }
    catch (MerBench.PluginUserException problem)
    {
        Terminal.Warn($"error: {GuestText.Lines(GuestText.ReadMessage(problem))}");
        return ExitCode.InputWrong;
    }
    catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
    {
        Terminal.Warn($"error: {problem.Message}");
        return ExitCode.EnvironmentWrong;
    }
    catch (Exception problem) when (Environment.GetEnvironmentVariable("MERBENCH_STACKTRACE") is null)
    {
        string message = GuestText.Message(GuestText.ReadMessage(problem).Trim().Split('\n', 2)[0]);
        Terminal.Warn($"error: MerBench met something it does not know: {problem.GetType().Name}: {message}");
        Terminal.Warn("What was finished is kept. Please report this; MERBENCH_STACKTRACE=1 shows where it happened.");
        return ExitCode.EnvironmentWrong;
    }
}
