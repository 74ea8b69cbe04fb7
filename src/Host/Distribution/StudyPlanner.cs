using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Runs;

namespace MerBench.Host.Distribution;

/// <summary>Writes down what a run would do.</summary>
public static class StudyPlanner
{
    /// <summary>Prepares data and features, and plans.</summary>
    /// <exception cref="UserErrorException">The benchmark cannot be run.</exception>
    public static StudyPlan Create(RunRequest request, Action<RunEvent> tell, CancellationToken cancel)
    {
        RunPlan cells = BenchmarkRun.Plan(request);
        tell(new RunEvent.Planned(cells));
        using var session = RunSession.Open(request with { ComputesElsewhere = true }, cells, tell, cancel);
        return Create(session);
    }

    internal static StudyPlan Create(RunSession session)
    {
        int test = Math.Max(1, session.Data.Clips(Split.Test).Count);
        double training = session.Data.Clips(Split.Train).Count / (double)test;
        return new StudyPlan
        {
            Benchmark = session.Plan.Definition.Name,
            File = Path.GetFileName(session.Request.File),
            Text = File.ReadAllText(session.Request.File),
            MerBench = ProductVersion.Text,
            Plugins = new SortedDictionary<string, string>(
                session
                    .Plan.Definition.Uses.DistinctBy(u => u.Plugin.Name)
                    .ToDictionary(u => u.Plugin.Name, u => FileHash.Compute(u.Plugin.AssemblyPath), StringComparer.Ordinal),
                StringComparer.Ordinal
            ),
            Dataset = session.Data.Main.Fingerprint,
            Models =
            [
                .. session
                    .Plan.Cells.GroupBy(c => (c.Model, c.Seed))
                    .Select(group => new PlannedModel(
                        group.Key.Model.Name,
                        group.Key.Seed,
                        session.Keys.Model(group.Key.Model, group.Key.Seed),
                        WorkOfPlan.OfTraining(group.Key.Model, training),
                        [.. group.Select(c => new PlannedCell(c.Index, c.Name, session.Keys.Cell(c), WorkOfPlan.OfCell(c)))]
                    ))
                    .OrderByDescending(m => m.Work),
            ],
        };
    }
}
