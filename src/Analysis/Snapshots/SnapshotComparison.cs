using MerBench.Analysis.Comparisons;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Host.Text;

namespace MerBench.Analysis.Snapshots;

/// <summary>
/// A run against the accepted snapshot. A cell whose metrics all lie within their tolerances is the same. Where they do not, the clips
/// decide: errors of the same clips and seeds, before and now, in a paired
/// test. Metrics that moved although no clip's error did, or that cannot be tested as fewer than two clips are in both, are judged by their
/// direction alone.
/// </summary>
public static class SnapshotComparison
{
    /// <summary>Compares.</summary>
    /// <param name="accepted">The snapshot.</param>
    /// <param name="received">What the run found.</param>
    /// <param name="cells">All cells of the run, failed ones too.</param>
    /// <param name="definition">The benchmark file, for tolerances and places.</param>
    public static IReadOnlyList<ConditionComparison> Compare(
        Snapshot accepted,
        Snapshot received,
        IReadOnlyList<CellSummary> cells,
        BenchmarkDefinition definition
    )
    {
        var conditions = cells
            .Select(c => (c.Model, c.Perturbation, c.Strength))
            .Concat(accepted.Cells.Values.Select(c => (c.Model, c.Perturbation, c.Strength)))
            .Distinct()
            .Select(key => new Condition(accepted, received, cells, definition, key))
            .ToList();
        IReadOnlyList<PairedChange?> changes = PairedChange.Correct([
            .. conditions.SelectMany(c => new[] { c.Changes(e => e.Clean), c.Changes(e => e.Perturbed) }).Select(PairedTest.Compute),
        ]);
        return [.. conditions.Select((condition, i) => condition.Compare(changes[2 * i], changes[(2 * i) + 1]))];
    }

    private sealed class Condition(
        Snapshot accepted,
        Snapshot received,
        IReadOnlyList<CellSummary> all,
        BenchmarkDefinition definition,
        (string Model, string Perturbation, string Strength) key
    )
    {
        private readonly (SnapshotCell Before, SnapshotCell Now)[] _pairs =
        [
            .. received
                .Cells.Where(c => (c.Value.Model, c.Value.Perturbation, c.Value.Strength) == key && accepted.Cells.ContainsKey(c.Key))
                .Select(c => (accepted.Cells[c.Key], c.Value)),
        ];

        public ErrorTable? Changes(Func<ClipErrors, IReadOnlyList<double>> side) =>
            ErrorTable.Create(
                from pair in _pairs
                from change in Paired(pair.Before, pair.Now, side)
                select (pair.Now.Seed, change.Clip, change.Received - change.Accepted)
            );

        public ConditionComparison Compare(PairedChange? clean, PairedChange? perturbed)
        {
            CellComparison[] cells =
            [
                .. all.Where(c => (c.Model, c.Perturbation, c.Strength) == key).Select(c => Compare(c, clean, perturbed)),
                .. accepted
                    .Cells.Where(c => (c.Value.Model, c.Value.Perturbation, c.Value.Strength) == key && all.All(r => r.Name != c.Key))
                    .Select(c => new CellComparison(
                        c.Key,
                        c.Value.Seed,
                        SnapshotVerdict.Missing,
                        [],
                        "the snapshot has it, and the benchmark file no longer does"
                    )),
            ];
            SnapshotVerdict verdict = cells.Max(c => c.Verdict);
            bool moved = cells.Any(c => c.Moves.Count > 0);
            Cause[] causes = moved ? [.. _pairs.SelectMany(p => CausesOf(p.Before, p.Now)).Distinct()] : [];
            return new ConditionComparison
            {
                Model = key.Model,
                Perturbation = key.Perturbation,
                Strength = key.Strength,
                Verdict = verdict,
                Cells = cells,
                CleanChange = clean,
                PerturbedChange = perturbed,
                Clips = moved ? MovedMost() : [],
                Causes = causes,
                At = Place(causes),
            };
        }

        private CellComparison Compare(CellSummary cell, PairedChange? clean, PairedChange? perturbed)
        {
            if (cell.Failure is { } failure)
                return new CellComparison(cell.Name, cell.Seed, SnapshotVerdict.Failed, [], GuestText.Flatten(failure));
            if (!accepted.Cells.TryGetValue(cell.Name, out SnapshotCell? before))
                return new CellComparison(cell.Name, cell.Seed, SnapshotVerdict.New, [], "not in the snapshot");
            SnapshotCell now = received.Cells[cell.Name];
            IReadOnlyList<MetricMove> moves = MetricMove.Find(
                before,
                now,
                definition.Tolerances,
                received.Environment.DeviceType,
                received.HigherIsBetter
            );
            SnapshotVerdict verdict = moves.Count == 0 ? SnapshotVerdict.Same : Judge(moves, clean, perturbed);
            string note = Doubt(before, now, cell, moves);
            return new CellComparison(
                cell.Name,
                cell.Seed,
                note.Length > 0 && verdict <= SnapshotVerdict.Improved ? SnapshotVerdict.CannotTell : verdict,
                moves,
                note
            );
        }

        // A model that hides its gradient looks more robust, and so does any model under a weaker attack.
        private string Doubt(SnapshotCell before, SnapshotCell now, CellSummary cell, IReadOnlyList<MetricMove> moves)
        {
            if (before.Believable == Believable.Yes && now.Believable == Believable.Doubtful)
                return $"now doubtful: {cell.Doubts[0].Reason}";
            return moves.Any(m => !m.IsWorse) && CausesOf(before, now).Any(c => c.Kind == CauseKind.Perturbation)
                ? "the perturbation itself changed, so a smaller harm says nothing of the model"
                : "";
        }

        private IReadOnlyList<Cause> CausesOf(SnapshotCell before, SnapshotCell now) =>
            Cause.Between(accepted.OriginOf(before), received.OriginOf(now));

        private static SnapshotVerdict Judge(IReadOnlyList<MetricMove> moves, PairedChange? clean, PairedChange? perturbed)
        {
            PairedChange[] tested =
            [
                .. new[]
                {
                    moves.Any(m => !m.IsPerturbed) ? clean : null,
                    moves.Any(m => m.IsPerturbed) ? perturbed : null,
                }.OfType<PairedChange>(),
            ];
            if (tested.Length == 0)
                return moves.Any(m => m.IsWorse) ? SnapshotVerdict.Regressed : SnapshotVerdict.Improved;
            if (Array.Exists(tested, t => t.IsWorse))
                return SnapshotVerdict.Regressed;
            return Array.Exists(tested, t => t.IsBetter) ? SnapshotVerdict.Improved : SnapshotVerdict.CannotTell;
        }

        private IReadOnlyList<ClipChange> MovedMost() =>
            ClipChange.MovedMost(_pairs.SelectMany(p => Paired(p.Before, p.Now, e => e.Perturbed)));

        private IEnumerable<ClipChange> Paired(SnapshotCell before, SnapshotCell now, Func<ClipErrors, IReadOnlyList<double>> side)
        {
            Dictionary<string, double> then = accepted
                .Clips.Zip(side(before.Errors))
                .ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
            return received
                .Clips.Zip(side(now.Errors))
                .Where(c => then.ContainsKey(c.First))
                .Select(c => new ClipChange(c.First, then[c.First], c.Second));
        }

        private SourceLocation Place(Cause[] causes)
        {
            SourceLocation? model = definition.Models.FirstOrDefault(m => m.Name == key.Model)?.At,
                perturbation = definition.Perturbations.FirstOrDefault(p => p.Name == key.Perturbation)?.At;
            return (Array.Exists(causes, c => c.IsOfModel) ? model ?? perturbation : perturbation ?? model)
                ?? new SourceLocation(definition.File, 1, 1);
        }
    }
}
