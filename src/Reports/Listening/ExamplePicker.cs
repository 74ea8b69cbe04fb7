using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;

namespace MerBench.Reports.Listening;

/// <summary>A clip of a cell that can be made audible.</summary>
/// <param name="Read">Gets its perturbed input, on the torch thread.</param>
internal sealed record ExampleSource(Cell Cell, string Clip, Func<CancellationToken, PerturbedClip> Read);

/// <summary>Picks what to listen to after a run: for each perturbation at the strength that does most harm, the worst kept clip of the
/// model that is harmed most.</summary>
internal static class ExamplePicker
{
    /// <param name="most">How many examples; perturbations that preserve labels come first, then those that do most harm.</param>
    public static (IReadOnlyList<ExampleSource> Examples, IReadOnlyList<LeftOut> LeftOut) Pick(
        IReadOnlyList<CellOutcome> outcomes,
        IReadOnlyList<ConditionLogs> conditions,
        ResultStore store,
        int most
    )
    {
        var examples = new List<ExampleSource>();
        var leftOut = new List<LeftOut>();
        var finished = outcomes
            .Where(o => o.Result is not null)
            .ToDictionary(o => (o.Cell.Perturbation.Name, o.Cell.Strength, o.Cell.Model.Name, o.Cell.Seed));
        var perturbations = conditions
            .GroupBy(c => c.Perturbation, StringComparer.Ordinal)
            .Select(p => p.MaxBy(c => c.Harm)!)
            .OrderByDescending(c => c.LabelPreserving)
            .ThenByDescending(c => c.Harm);
        foreach (ConditionLogs worst in perturbations)
        {
            CellOutcome CellOf(ClipLog log) => finished[(worst.Perturbation, worst.Strength, log.System, log.Seed)];
            ClipLog? harmedMost = worst
                .Logs.OrderByDescending(log => log.Harm)
                .FirstOrDefault(log => store.FindExamples(CellOf(log).Result!.Key) is not null);
            if (harmedMost is null)
                leftOut.Add(
                    new LeftOut(
                        worst.Perturbation,
                        $"no inputs were kept at {worst.Strength}: its cells were finished with 'examples: 0', or before inputs were kept"
                    )
                );
            else if (examples.Count == most)
                leftOut.Add(
                    new LeftOut(
                        worst.Perturbation,
                        FormattableString.Invariant($"after {most} perturbations that do more harm or change no label")
                    )
                );
            else
                examples.Add(ListKept(CellOf(harmedMost).Cell, CellOf(harmedMost).Result!.Key, harmedMost, store)[0]);
        }

        return (examples, leftOut);
    }

    /// <summary>The kept clips of a finished cell, from the largest harm to the smallest; none where none were kept.</summary>
    public static IReadOnlyList<ExampleSource> ListKept(Cell cell, string key, ResultStore store) =>
        store.FindExamples(key) is not null && ClipTable.ReadCell(store, key, cell.Model.Name, cell.Seed) is { } clips
            ? ListKept(cell, key, clips, store)
            : [];

    private static IReadOnlyList<ExampleSource> ListKept(Cell cell, string key, ClipLog clips, ResultStore store)
    {
        string file = store.FindExamples(key)!;
        Dictionary<string, ClipRow> rows = clips.Rows.ToDictionary(r => r.Clip, StringComparer.Ordinal);
        return
        [
            .. KeptInputFile
                .Read(file)
                .Where(k => rows.ContainsKey(k.Clip))
                .OrderByDescending(k => rows[k.Clip].Harm)
                .Select(k => new ExampleSource(
                    cell,
                    k.Clip,
                    _ => new PerturbedClip(cell, key, rows[k.Clip], KeptInputFile.Read(file).First(i => i.Clip == k.Clip))
                )),
        ];
    }
}
