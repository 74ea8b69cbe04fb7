using System.Diagnostics;
using MerBench.Host.Checks;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Runs.Executors;
using MerBench.Host.Runs.Progress;

namespace MerBench.Host.Runs;

/// <summary>The story of a run: load, validate, expand, prepare, run cells, check, summarise, write.</summary>
public static class BenchmarkRun
{
    /// <summary>Reads and validates a benchmark file and expands its matrix; touches neither torch nor data.</summary>
    /// <exception cref="UserErrorException">The file has problems; the message lists all of them.</exception>
    public static RunPlan Plan(RunRequest request)
    {
        PluginCatalog catalog = PluginCatalogs.For(request.File, request.Plugins);
        GuestWatch.Note($"the options of plugins in {request.File} were made");
        BenchmarkReading reading = BenchmarkReader.Read(request.File, catalog);
        BenchmarkDefinition definition = reading.DefinitionOrThrow();
        GuestWatch.Note("the run was made ready");
        return new RunPlan(definition, MatrixExpansion.Expand(definition))
        {
            Remarks = reading.Remarks,
            Inputs = reading.Inputs,
            Text = reading.Text,
        };
    }

    /// <summary>Judges what needs plan and data, as a run does before it trains anything.</summary>
    /// <exception cref="UserErrorException">Something does not fit; the message lists every such thing.</exception>
    public static void RequireFit(RunPlan plan, DataReport data)
    {
        if (data.Inspection is { Emotions: { } emotions } inspection)
            PlanCheck.Require(plan, emotions, inspection.Concepts, [.. inspection.Clips.Where(c => c.Split == Split.Test)]);
    }

    /// <summary>Runs a benchmark. What was finished before, in this run or an earlier one, is not computed again.</summary>
    /// <param name="artifacts">Writes reports, figures and sound behind the results; null for results alone.</param>
    /// <exception cref="UserErrorException">The user's input or environment is wrong; nothing was run.</exception>
    /// <exception cref="OperationCanceledException">The user stopped the run; finished cells are kept.</exception>
    public static FinishedRun Execute(RunRequest request, IRunArtifacts? artifacts, Action<RunEvent> tell, CancellationToken cancel) =>
        Execute(request, artifacts, tell, cancel, CellExecutors.Create);

    /// <param name="createExecutor">Who computes the cells that are not in the store.</param>
    internal static FinishedRun Execute(
        RunRequest request,
        IRunArtifacts? artifacts,
        Action<RunEvent> tell,
        CancellationToken cancel,
        Func<RunSession, ICellExecutor> createExecutor
    )
    {
        RunPlan plan = Plan(request);
        FinishedMark.Asked asked = FinishedMark.Note(request, artifacts?.Name ?? "");
        string output = request.OutputFolder(plan.Definition.Name);
        // From here on a plugin may change the current directory.
        request = request with
        {
            Output = output,
            Cache = request.CacheFolder,
        };
        return ProgressJournal.Keep(
            output,
            request.ExitCodes,
            tell,
            noted => Execute(request, plan, asked, artifacts, noted, createExecutor, cancel)
        );
    }

    private static FinishedRun Execute(
        RunRequest request,
        RunPlan plan,
        FinishedMark.Asked asked,
        IRunArtifacts? artifacts,
        Action<RunEvent> tell,
        Func<RunSession, ICellExecutor> createExecutor,
        CancellationToken cancel
    )
    {
        long start = Stopwatch.GetTimestamp();
        DateTimeOffset started = DateTimeOffset.UtcNow;
        tell(new RunEvent.Planned(plan));
        foreach (string remark in plan.Remarks)
            tell(new RunEvent.ModelRemarked(remark));

        string output = request.OutputFolder(plan.Definition.Name);
        RunFolder.RequireWritable(output);
        using var session = RunSession.Open(request, plan, tell, cancel);
        IReadOnlyList<CellOutcome> outcomes;
        using (ICellExecutor executor = createExecutor(session))
            outcomes = new CellSchedule(session).Run(executor, cancel);
        GuestWatch.Note($"results were summed up with the metrics {string.Join(", ", plan.Definition.Metrics.Select(m => m.Plugin.Id))}");
        tell(new RunEvent.Summarising("comparing cells and computing statistics"));
        ILookup<int, Doubt> doubts = Examination.ExamineOutcomes(outcomes);

        RunEnvironment environment = RunEnvironments.Describe(session, started, Stopwatch.GetElapsedTime(start));
        IReadOnlyList<ConditionLogs> conditions = ConditionLogs.Read(outcomes, session.Store);
        RunResults results = RunSummary.Create(session, environment, outcomes, doubts, conditions);
        tell(new RunEvent.Summarising("writing results"));
        RunFolder.Write(results, plan.Text, session.Store, output);
        var finished = new FinishedRun(results, conditions);
        GuestWatch.Note("report, figures and sounds were made");
        bool isWhole = artifacts?.Write(new OpenRun(session, outcomes, finished), cancel) ?? true;
        if (isWhole)
            FinishedMark.Write(session, results, asked);
        return finished;
    }
}
