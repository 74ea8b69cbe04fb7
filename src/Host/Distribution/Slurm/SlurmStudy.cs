using System.Globalization;
using MerBench.Host.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.Runs;

namespace MerBench.Host.Distribution.Slurm;

/// <param name="Tool">The program and arguments that start the tool, on all nodes.</param>
/// <param name="Overrides">Options that win over those of the benchmark file.</param>
/// <param name="RetryFailed">Computes cells again that failed.</param>
/// <param name="MergeArguments">What the job that merges is told besides.</param>
public sealed record SlurmRequest(
    IReadOnlyList<string> Tool,
    IReadOnlyList<SlurmOption> Overrides,
    bool RetryFailed,
    IReadOnlyList<string> MergeArguments
);

/// <summary>What came of handing a study to a cluster.</summary>
/// <param name="State">What the store held before.</param>
/// <param name="Submission">What is in the queue; null where nothing was missing.</param>
/// <param name="Arrays">Those that were submitted now.</param>
/// <param name="Queued">Shards that were in the queue already.</param>
/// <param name="Remarks">What is good to know.</param>
public sealed record SlurmOutcome(
    StudyState State,
    Submission? Submission,
    IReadOnlyList<SubmittedArray> Arrays,
    IReadOnlyList<int> Queued,
    IReadOnlyList<string> Remarks
);

/// <summary>
/// The story of a study on a cluster: plan it, look what the store lacks, submit arrays of shards for that, and a job behind them that
/// merges. Nothing is remembered but the jobs' ids: what is done stands in the store, whatever became of a job.
/// </summary>
public sealed class SlurmStudy
{
    private readonly RunSession _session;
    private readonly SlurmRequest _asked;
    private readonly SlurmSettings _settings;
    private readonly StudyPlan _plan;
    private readonly StudyState _state;
    private readonly string _results;
    private readonly Sbatch _sbatch;
    private readonly int _shards;
    private readonly List<string> _remarks = [];

    private SlurmStudy(RunSession session, SlurmRequest asked)
    {
        (_session, _asked) = (session, asked);
        _settings = asked.Overrides.Aggregate(
            session.Plan.Definition.Slurm ?? new SlurmSettings(),
            (settings, option) => settings.With(option)
        );
        RequireNamedDevice();
        _plan = StudyPlanner.Create(session);
        _sbatch = new Sbatch(_plan.Benchmark);
        _results = session.Request.OutputFolder(_plan.Benchmark);
        _shards = _settings.Shards ?? _plan.Models.Count;
        _state = StudyState.Read(_plan, _shards, session.Store);
    }

    /// <exception cref="UserErrorException">The benchmark cannot be run, or Slurm refuses it.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public static SlurmOutcome Submit(RunRequest request, SlurmRequest asked, Action<RunEvent> tell, CancellationToken cancel)
    {
        RunPlan cells = BenchmarkRun.Plan(request);
        tell(new RunEvent.Planned(cells));
        RunRequest whole = request with { File = Path.GetFullPath(request.File), Cache = request.CacheFolder, ComputesElsewhere = true };
        using var session = RunSession.Open(whole, cells, tell, cancel);
        return new SlurmStudy(session, asked).Submit(cancel);
    }

    // 'auto' is what is found where the plan is made, which has no GPU as a rule.
    private void RequireNamedDevice()
    {
        SlurmOption? gpus = _settings.Options.FirstOrDefault(o =>
            !o.IsLeftOut
            && (
                o.Name.StartsWith("gpus", StringComparison.Ordinal)
                || (o.Name == "gres" && o.Value.Contains("gpu", StringComparison.Ordinal))
            )
        );
        if (gpus is not null && _session.DeviceType == "cpu")
            throw new UserErrorException(
                $"{(gpus.At is { } at ? $"{at}: error: " : "")}'{gpus}' asks for GPUs, and what is planned here is for the device cpu. "
                    + "Give 'device: cuda' or --device cuda; this machine need not have one."
            );
    }

    private SlurmOutcome Submit(CancellationToken cancel)
    {
        int[] wanted =
        [
            .. _state.Shards.Where(s => s.Missing.Count > 0 || (_asked.RetryFailed && s.Failed.Count > 0)).Select(s => s.Shard.Number),
        ];
        if (wanted.Length == 0)
            return new SlurmOutcome(_state, null, [], [], []);
        Submission known = ReadBefore();
        IReadOnlyList<QueuedTask> tasks = LookForThoseBefore(known, cancel);
        int[] queued = [.. FindQueued(known, tasks).Intersect(wanted).Order()];
        int[] missing = [.. wanted.Except(queued)];
        bool isMergeQueued = IsQueued(known.Merge, tasks);
        if (missing.Length == 0 && isMergeQueued)
            return new SlurmOutcome(_state, known, [], queued, _remarks);
        _remarks.AddRange(LongCells.Find(_plan, _state, _session.Store, TimeLimit.Read(_settings.Find("time"))));
        if (SlurmProgram.IgnoredDefaults is { Count: > 0 } ignored)
            _remarks.Add($"Not passed on: {string.Join(", ", ignored)}. Name such options in 'executor: with', or by --slurm.");
        _plan.Write(Path.Combine(_results, Submission.Folder));
        var scripts = new JobScripts(_results, _session.Request, _asked);
        scripts.Write(_settings, _shards);
        IReadOnlyList<SubmittedArray> arrays = Submit(missing, scripts, ref known, cancel);
        SlurmJobId[] awaited = [.. known.Arrays.Select(a => a.Job).Where(j => arrays.Any(a => a.Job == j) || IsQueued(j, tasks))];
        // It would sum up before the new shards have begun.
        if (isMergeQueued)
            SlurmProgram.Ask("scancel", known.Merge!.ListArguments(), cancel);
        known = known with { Merge = SubmitMerge(scripts, awaited, cancel), Submitted = DateTimeOffset.UtcNow };
        known.Write(_results);
        return new SlurmOutcome(_state, known, arrays, queued, _remarks);
    }

    private static bool IsQueued(SlurmJobId? job, IReadOnlyList<QueuedTask> tasks) =>
        job is not null && tasks.Any(t => t.Job == job.Number && t.State != JobState.Ended);

    // What was submitted for another plan, or in other parts, has no place among these.
    private Submission ReadBefore()
    {
        string plan = _plan.ComputeHash();
        Submission? before = Submission.Read(_results);
        if (before?.Plan == plan && before.Shards == _shards)
            return before;
        if (before is not null)
            _remarks.Add(
                $"Jobs of another plan or division may still be queued: {string.Join(", ", before.ListJobs())}. What they finish counts; "
                    + $"'scancel' gives them up."
            );
        return new Submission
        {
            Benchmark = _plan.Benchmark,
            File = _session.Request.File,
            Plan = plan,
            Store = _session.Store.Root,
            Shards = _shards,
            Submitted = DateTimeOffset.UtcNow,
            Arrays = [],
        };
    }

    private IReadOnlyList<QueuedTask> LookForThoseBefore(Submission before, CancellationToken cancel)
    {
        if (before.Arrays.Count == 0)
            return [];
        QueueSighting queue = SlurmQueue.Look([.. before.ListJobs()], cancel);
        if (queue.Problem is { } problem)
            _remarks.Add($"{problem}. Shards may be in the queue twice, which costs time and nothing else.");
        return queue.Tasks;
    }

    private static IEnumerable<int> FindQueued(Submission before, IReadOnlyList<QueuedTask> tasks) =>
        from array in before.Arrays
        from task in tasks
        where task.Job == array.Job.Number && task.Index is not null && task.State != JobState.Ended
        select array.Offset + task.Index!.Value;

    /// <summary>Submits shards, those first that others wait for.</summary>
    private IReadOnlyList<SubmittedArray> Submit(
        IReadOnlyList<int> shards,
        JobScripts scripts,
        ref Submission known,
        CancellationToken cancel
    )
    {
        var arrays = new List<SubmittedArray>();
        foreach (ShardArray planned in ShardArrays.Divide(shards, FindTrainers(), LargestArray.Ask(cancel) - 1))
        {
            SlurmJobId[] awaited = [.. arrays.Take(planned.Awaits).Select(a => a.Job)];
            string limit = _settings.AtOnce is { } most ? Text($"%{most}") : "";
            SlurmJobId job = _sbatch.Submit(
                _settings.Options,
                [
                    $"--array={ArrayIndices.Write(planned.Shards.Select(s => s - planned.Offset))}{limit}",
                    .. Sbatch.AfterAll(awaited),
                    Text($"--signal=TERM@{(int)SecondsOfWarning}"),
                    Sbatch.Output(scripts.Logs, "shard-%A_%a.log"),
                ],
                [scripts.Shard, Text($"{planned.Offset}")],
                cancel
            );
            arrays.Add(new SubmittedArray(job, planned.Offset, planned.Shards));
            // At once: what is in the queue is not to be submitted again, whatever comes next.
            known = known with
            {
                Arrays = [.. known.Arrays, arrays[^1]],
                Submitted = DateTimeOffset.UtcNow,
            };
            known.Write(_results);
        }

        return arrays;
    }

    private SlurmJobId SubmitMerge(JobScripts scripts, IReadOnlyList<SlurmJobId> awaited, CancellationToken cancel) =>
        _sbatch.Submit(
            _settings.MergeOptions,
            [.. Sbatch.AfterAll(awaited), Sbatch.Output(scripts.Logs, "merge-%j.log")],
            [scripts.Merge],
            cancel
        );

    // Where several shards share a model that takes longer to train than their cells take, one of them trains it before the others begin:
    // they would hold a part of the cluster and wait.
    private HashSet<int> FindTrainers() =>
        [
            .. ShardPlan
                .Divide(_plan, _shards)
                .GroupBy(p => p.Model.Key, StringComparer.Ordinal)
                .Where(parts => parts.Count() > 1 && MustBeTrained(parts.First().Model) && parts.All(p => p.Model.Training > p.CellWork))
                .Select(parts => parts.First().Shard),
        ];

    private bool MustBeTrained(PlannedModel model) =>
        ModelProvider.NeedsStore(_session.Plan.Cells[model.Cells[0].Index].Model) && _session.Store.FindModel(model.Key) is null;

    // Jobs of less than a few minutes would be told to end as soon as they begin.
    private double SecondsOfWarning => Math.Clamp((TimeLimit.Read(_settings.Find("time"))?.TotalSeconds ?? double.MaxValue) / 4, 20, 90);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
