using System.Diagnostics;
using MerBench.Host.Arithmetic;
using MerBench.Host.Benchmarks;
using MerBench.Host.Checks;
using MerBench.Host.Data;
using MerBench.Host.Execution.Progress;
using MerBench.Host.Execution.Workers;
using MerBench.Host.Figures;
using MerBench.Host.Listening;
using MerBench.Host.Matrix;
using MerBench.Host.Native;
using MerBench.Host.Plugins;
using MerBench.Host.Reports;
using MerBench.Host.Reports.Html;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;

namespace MerBench.Host.Execution;

/// <summary>The story of a run: load, validate, expand, prepare, run cells, check, summarise, write.</summary>
public static class BenchmarkRun
{
    /// <summary>Reads and validates a benchmark file and expands its matrix; touches neither torch nor data.</summary>
    /// <exception cref="UserErrorException">The file has problems; the message lists all of them.</exception>
    public static RunPlan Plan(RunRequest request)
    {
        PluginCatalog catalog = PluginCatalogs.For(request.File, request.Plugins);
        BenchmarkReading reading = BenchmarkReader.Read(request.File, catalog);
        BenchmarkDefinition definition = reading.DefinitionOrThrow();
        return new RunPlan(definition, MatrixExpansion.Expand(definition));
    }

    /// <summary>Runs a benchmark. What was finished before, in this run or an earlier one, is not computed again.</summary>
    /// <exception cref="UserErrorException">The user's input or environment is wrong; nothing was run.</exception>
    /// <exception cref="OperationCanceledException">The user stopped the run; finished cells are kept.</exception>
    public static RunResults Execute(RunRequest request, Action<RunEvent> tell, CancellationToken cancel)
    {
        RunPlan plan = Plan(request);
        return ProgressJournal.Keep(request.OutputFolder(plan.Definition.Name), tell, noted => Execute(request, plan, noted, cancel));
    }

    private static RunResults Execute(RunRequest request, RunPlan plan, Action<RunEvent> tell, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        DateTimeOffset started = DateTimeOffset.UtcNow;
        tell(new RunEvent.Planned(plan));

        TorchBackend backend = TorchBackend.Select(request.LibTorch);
        ArithmeticChoice arithmetic = ChooseArithmetic(request, plan, backend, tell, cancel);
        IReadOnlyList<TorchDevice> devices = backend.Choose(request.Devices ?? plan.Definition.Devices, request.Threads);
        GpuArithmetic.Require(backend, devices, request.CacheFolder);
        PlanCheck.Require(plan.Definition, devices[0], arithmetic);
        var store = new ResultStore(request.CacheFolder);
        using var thread = new TorchThread();
        using PreparedDataset data = thread.Run(token => Prepare(plan.Definition, store, tell, token), Timeout.InfiniteTimeSpan, cancel);
        PlanCheck.Require(plan, data);

        var keys = new RunKeys(plan.Definition, data.Fingerprint, data.Preparation, devices[0].Type);
        IReadOnlyList<CellOutcome> outcomes;
        using (
            ICellWork work = devices is [var device]
                ? new CellComputation(plan, data, store, keys, device, thread, tell)
                : new WorkerPool(request, plan, store, keys, devices, tell)
        )
            outcomes = new CellSchedule(plan, store, keys, tell).Run(work, devices.Count, cancel);
        tell(new RunEvent.Summarising("comparing cells and computing statistics"));
        ILookup<int, Doubt> doubts = ConsistencyChecks.Of(outcomes);

        RunEnvironment environment = RunEnvironments.Describe(
            request,
            plan.Definition,
            backend,
            devices,
            started,
            Stopwatch.GetElapsedTime(start),
            arithmetic
        );
        IReadOnlyList<ConditionLogs> conditions = ConditionLogs.Of(outcomes, store);
        RunResults results = RunSummary.Create(plan, data, environment, outcomes, doubts, conditions, store, keys);
        tell(new RunEvent.Summarising("writing results"));
        string output = request.OutputFolder(plan.Definition.Name);
        results.Write(Path.Combine(output, RunFolder.ResultsFile));
        RunTables.Write(results, store, output);
        MarkdownReport.Write(results, Path.Combine(output, "results.md"));
        using var listening = new RunListening(plan, data, store, keys, devices[0], thread, tell);
        listening.WriteSome(outcomes, conditions, Path.Combine(output, RunListening.Folder), cancel);
        tell(new RunEvent.Summarising("writing the report"));
        RunReport.Create(RunFolder.Open(output), results).Write(Path.Combine(output, RunReport.FileName));
        if (FigureWriter.Obstacle() is { } obstacle)
            tell(new RunEvent.FiguresLeftOut(obstacle));
        else
            RunFigures.WriteStandard(results, RunFolder.Open(output), Path.Combine(output, "figures"));
        return results;
    }

    /// <summary>Has libtorch compute rightly on this processor, and loads it.</summary>
    internal static ArithmeticChoice ChooseArithmetic(
        RunRequest request,
        RunPlan plan,
        TorchBackend backend,
        Action<RunEvent> tell,
        CancellationToken cancel
    )
    {
        // Of what comes with MerBench, only models convolve.
        bool inWholeBlocks = plan.Definition.Uses.All(u =>
            u.Plugin.Kind == PluginKind.Model ? u.Plugin.FillsChannelBlocks : PluginFolders.IsBundled(u.Plugin)
        );
        var choice = ArithmeticChoice.Make(backend, request.CacheFolder, request.SelfTestCommand, inWholeBlocks, cancel);
        if (choice.Remark is { } remark)
            tell(new RunEvent.ArithmeticChosen(remark));
        return choice;
    }

    internal static PreparedDataset Prepare(
        BenchmarkDefinition definition,
        ResultStore store,
        Action<RunEvent> tell,
        CancellationToken cancel
    )
    {
        DatasetContent content = Load(definition, cancel);
        return new DatasetPreparer(store.Root).Prepare(
            content,
            definition.FrontEnd.Create<IFrontEnd>(),
            RunKeys.FrontEnd(definition),
            definition.Excerpt.Apply(content.Preparation),
            new Relay<PreparationProgress>(p => tell(new RunEvent.Preparing(p))),
            cancel
        );
    }

    private static DatasetContent Load(BenchmarkDefinition definition, CancellationToken cancel)
    {
        try
        {
            return definition.Dataset.Create<IDataset>().Load(cancel);
        }
        catch (Exception e) when (e is not (OperationCanceledException or UserErrorException or PluginUserException))
        {
            throw new UserErrorException(
                $"The dataset cannot be loaded: {PluginFailure.Describe(definition.Dataset.Plugin.Id, e)}",
                inner: e
            );
        }
    }
}
