using System.CommandLine;
using System.Text.Json;
using MerBench.Host.Distribution.Slurm;
using MerBench.Host.IO;
using MerBench.Host.Runs.Progress;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class WatchCommand
{
    private const string Results = "merbench-results";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions OneLine = new(ResultJson.Options) { WriteIndented = false };

    public static Command Create()
    {
        Argument<string?> run = new Argument<string?>("run")
        {
            Description = "The results folder of a run, or its benchmark file. Default: the newest run in merbench-results.",
            Arity = ArgumentArity.ZeroOrOne,
        }.OfBenchmarkFiles();
        Option<bool> json = CommonOptions.Json("what is seen, an object a line,");
        var command = new Command(
            "watch",
            "Follow a running benchmark, or the jobs of one on a cluster, from another terminal or machine, until it ends; the exit code "
                + "is that of the run, or 4 where it seems dead."
        )
        {
            run,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Interruption.Guard(
                        stop =>
                            SlurmWatch.Find(parsed.GetValue(run), Results, TimeProvider.System) is { } study
                                ? StudyDisplay.Follow(study, parsed.GetValue(CommonOptions.Quiet), parsed.GetValue(json), stop)
                                : Watch(
                                    RunWatch.Open(parsed.GetValue(run), Results, TimeProvider.System),
                                    parsed,
                                    parsed.GetValue(json),
                                    stop
                                ),
                        "Stopped watching; the run is not concerned."
                    )
                )
        );
        return command;
    }

    private static int Watch(RunWatch watch, ParseResult parsed, bool json, CancellationToken stop)
    {
        Sighting end = FollowAsAsked(watch, parsed, json, stop);
        if (!json)
            WatchDisplay.Summarise(watch, end);
        return end.Run.ExitCode ?? ExitCode.EnvironmentWrong;
    }

    private static Sighting FollowAsAsked(RunWatch watch, ParseResult parsed, bool json, CancellationToken stop)
    {
        if (json)
            return Follow(watch, new EachChange().Write, stop);
        if (parsed.GetValue(CommonOptions.Quiet))
            return Follow(watch, _ => { }, stop);
        return WatchDisplay.Follow(watch, look => Follow(watch, look, stop));
    }

    // To the end, or to where nothing is to be expected any more.
    private static Sighting Follow(RunWatch watch, Action<Sighting> show, CancellationToken stop)
    {
        while (true)
        {
            Sighting seen = watch.Look();
            show(seen);
            if (seen.Life == LifeSign.Dead || seen.Run.State != RunState.Running)
                return seen;
            if (stop.WaitHandle.WaitOne(Pause))
                throw new OperationCanceledException(stop);
        }
    }

    /// <summary>JSON, a line for each time that the run wrote or its sign of life changed.</summary>
    private sealed class EachChange
    {
        private (DateTimeOffset, LifeSign)? _last;

        public void Write(Sighting seen)
        {
            if (_last == (seen.Run.Updated, seen.Life))
                return;
            _last = (seen.Run.Updated, seen.Life);
            Console.Out.WriteLine(JsonSerializer.Serialize(seen, OneLine));
            Console.Out.Flush();
        }
    }
}
