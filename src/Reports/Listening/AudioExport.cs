using System.Globalization;
using MerBench.Host;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Runs;
using MerBench.Host.Text;

namespace MerBench.Reports.Listening;

/// <summary>The story of <c>export-audio</c>: which cells, which of their clips were kept, perturb again what was asked for and was not,
/// find sound, write.</summary>
public static class AudioExport
{
    /// <exception cref="UserErrorException">The user's input or environment is wrong, or there is nothing to hear.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public static ListeningIndex Execute(RunRequest request, ExportRequest wanted, Action<RunEvent> tell, CancellationToken cancel)
    {
        if (Directory.Exists(request.File))
            throw new UserErrorException(
                $"{request.File} is a folder; name the benchmark file, beside which inputs are kept. What a run picked by itself is in "
                    + $"the folder '{RunListening.Folder}' of its results."
            );
        RunPlan plan = BenchmarkRun.Plan(request);
        IReadOnlyList<Cell> cells = wanted.CellsOf(plan);
        using var session = RunSession.Open(request, plan, tell, cancel);
        RequireClips(wanted.Clips, [.. session.Elsewhere.Values.Prepend(session.Data)]);
        using var listening = new RunListening(session);
        var examples = new List<ExampleSource>();
        var leftOut = new List<LeftOut>();
        Cell[] finished = [.. cells.Where(cell => session.Store.ReadCell(session.Keys.Cell(cell)) is not null)];
        foreach (Cell cell in finished)
        {
            IReadOnlyList<ExampleSource> kept = ExamplePicker.ListKept(cell, session.Keys.Cell(cell), session.Store);
            if (wanted.Clips.Count > 0)
                examples.AddRange(
                    wanted
                        .Clips.Where(clip => session.FindData(cell).Clips(Split.Test).Any(c => c.Id == clip))
                        .Select(clip => kept.FirstOrDefault(k => k.Clip == clip) ?? Again(listening.Again, cell, clip))
                );
            else if (kept.Count > 0)
                examples.AddRange(kept);
            else
                leftOut.Add(
                    new LeftOut(
                        cell.Name,
                        "no inputs were kept: it was finished with 'examples: 0', or before inputs were kept; --clip ID perturbs a "
                            + "clip again"
                    )
                );
        }

        leftOut.AddRange(cells.Except(finished).Select(cell => new LeftOut(cell.Name, "it is not finished")));
        if (examples.Count == 0)
            throw new UserErrorException(Nothing(request, cells, finished, session.Data));
        return listening.Write(examples, leftOut, wanted.OutputFolder(plan.Definition.Name), wanted.Format, cancel);
    }

    // Before anything is perturbed: a missing model is the user's to mend.
    private static ExampleSource Again(PerturbAgain again, Cell cell, string clip)
    {
        again.RequireModels(cell);
        return new ExampleSource(cell, clip, token => again.Perturb(cell, clip, token));
    }

    private static void RequireClips(IReadOnlyList<string> wanted, IReadOnlyList<PreparedData> data)
    {
        string[] known = [.. data.SelectMany(d => d.Clips(Split.Test)).Select(c => c.Id).Distinct(StringComparer.Ordinal)];
        string[] problems =
        [
            .. wanted
                .Except(known, StringComparer.Ordinal)
                .Select(clip =>
                    $"There is no test clip '{clip}': "
                    + $"{(NearestName.Find(clip, known) is { } near ? $"did you mean '{near}'?" : $"there are {Some(known)}")}"
                ),
        ];
        if (problems.Length > 0)
            throw new UserErrorException(string.Join('\n', problems));
    }

    private static string Nothing(RunRequest request, IReadOnlyList<Cell> cells, Cell[] finished, PreparedData data) =>
        finished.Length == 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"None of the {cells.Count} cells asked for is finished, as {request.CacheFolder} has it for this benchmark and device: "
                    + $"run 'merbench run {request.File}' first."
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The {finished.Length} finished cells asked for have no kept inputs. Name clips by --clip to perturb them again: "
                    + $"{Some([.. data.Clips(Split.Test).Select(c => c.Id)])}"
            );

    private static string Some(string[] names) =>
        names.Length <= 10
            ? string.Join(", ", names)
            : FormattableString.Invariant($"{string.Join(", ", names.Take(10))} and {names.Length - 10} more");
}
