using System.Globalization;
using MathNet.Numerics.Statistics;
using static System.FormattableString;

namespace MerBench.Host.Audit;

/// <summary>What is looked for in attack logs. A rule is silent where the logs do not show it.</summary>
/// <param name="inputValues">Numbers in one attacked input; with the configured L-infinity radius they bound the L2 norm.</param>
internal sealed class AuditRules(IReadOnlyList<AttackLog> logs, IReadOnlyList<SystemScores> systems, IReadOnlyList<PairedTTest> tests, long inputValues)
{
    // Logged norms are rounded single precision.
    private const double Slack = 1.001;

    // A threshold is lowered by a tenth whenever the attack gets below it.
    private const double ThresholdStep = 0.1;

    private readonly (AttackLog Log, AttackLogRow Row)[] _rows = [.. logs.SelectMany(l => l.Rows.Select(r => (l, r)))];

    public IReadOnlyList<AuditFinding> All() =>
        new[] { BeyondBudget(), NeverConverged(), AnotherIterate(), ZeroPerturbation(), OutOfRange(), RankingFlips(), PseudoReplication() }.OfType<AuditFinding>().ToList();

    private AuditFinding? BeyondBudget()
    {
        double? Bound(AttackLog log) =>
            log.Settings.TryGetValue("clip_eps", out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double radius) && radius > 0
                ? radius * Math.Sqrt(inputValues) : null;
        var bounded = _rows.Where(r => Bound(r.Log) is not null).ToList();
        var beyond = bounded.Where(r => r.Row.Norm > Bound(r.Log) * Slack).ToList();
        if (beyond.Count == 0) return null;
        double[] norms = [.. beyond.Select(r => r.Row.Norm)];
        return new AuditFinding(
            "Perturbations larger than configured",
            Invariant($"{beyond.Count} of {bounded.Count} rows. The configured clip_eps bounds the L2 norm of {inputValues} values by {Bound(beyond[0].Log):0.###}; the logged norms have median {norms.Median():0.#} and maximum {norms.Max():0.#}."),
            "The results hold for perturbations of the logged size. They say nothing yet of the configured one.",
            Examples(beyond.OrderByDescending(r => r.Row.Norm)));
    }

    private AuditFinding? NeverConverged()
    {
        int converged = _rows.Count(r => r.Row.Converged);
        return converged > 0 ? null : new AuditFinding(
            "No attack converged",
            Invariant($"None of {_rows.Length} rows is marked as converged; each attack ran to its last iteration."),
            "The attack's own goal was never met, so its results depend on the number of iterations, and a longer attack may do more harm.",
            []);
    }

    private AuditFinding? AnotherIterate()
    {
        var above = _rows.Where(r => r.Row.Threshold is { } next && Correlation.Pearson(r.Row.Rating, r.Row.Perturbed) > next + ThresholdStep + 1e-6).ToList();
        return above.Count == 0 ? null : new AuditFinding(
            "Size and prediction come from different iterates",
            Invariant($"In {above.Count} of {_rows.Length} rows the logged prediction correlates better with the ratings than the threshold that the selected perturbation had passed."),
            "Norm and SNR describe the selected perturbation, the prediction another one, so harm cannot be read against size.",
            Examples(above));
    }

    private AuditFinding? ZeroPerturbation()
    {
        var zero = _rows.Where(r => r.Row.Norm == 0 && r.Row.Clean.Zip(r.Row.Perturbed, (c, p) => Math.Abs(c - p)).Max() > 1e-3).ToList();
        return zero.Count == 0 ? null : new AuditFinding(
            "A perturbation of size zero that moves the prediction",
            Invariant($"{zero.Count} of {_rows.Length} rows log the norm 0, but another prediction than for the clean clip."),
            "No perturbation can do that: the prediction belongs to another iterate than the norm.",
            Examples(zero));
    }

    private AuditFinding? OutOfRange()
    {
        if (systems.All(s => s.OutOfRange.Mean < 0.01)) return null;
        return new AuditFinding(
            "Predictions outside of the rating scale",
            string.Join("; ", systems.Select(s => Invariant($"{s.System}: {s.OutOfRange.Mean:0 %} of perturbed predictions, MAE {s.PerturbedMae.Mean:0.000}, clipped to the scale {s.ClippedMae.Mean:0.000}"))) + ".",
            "No listener rates beyond the scale, and a user of the model would clip. Unclipped, MAE measures how far predictions leave it.",
            []);
    }

    private AuditFinding? RankingFlips()
    {
        (string Name, string[] Order)[] rankings =
        [
            ("unclipped MAE", Order(s => s.PerturbedMae.Mean)),
            ("clipped MAE", Order(s => s.ClippedMae.Mean)),
            ("r", Order(s => -s.PerturbedR.Mean)),
        ];
        return rankings.Select(r => string.Join(' ', r.Order)).Distinct(StringComparer.Ordinal).Count() == 1 ? null : new AuditFinding(
            "The ranking depends on the metric",
            string.Join("; ", rankings.Select(r => $"by {r.Name} after the attack: {string.Join(", ", r.Order)} (best first)")) + ".",
            "A claim that one system is more robust than another holds for one metric only.",
            []);

        string[] Order(Func<SystemScores, double> score) => [.. systems.OrderBy(score).Select(s => s.System)];
    }

    private AuditFinding? PseudoReplication()
    {
        PairedTTest[] published = [.. tests.Where(t => t.Unit.StartsWith("rows", StringComparison.Ordinal))];
        if (published.Length == 0 || logs.GroupBy(l => l.System).All(g => g.Count() == 1)) return null;
        int clips = logs[0].Rows.Select(r => r.Clip).Distinct(StringComparer.Ordinal).Count();
        PairedTTest strongest = published.MaxBy(t => Math.Abs(t.T))!;
        string others = string.Join(", ", tests.Where(t => t.First == strongest.First && t.Second == strongest.Second && t != strongest)
            .Select(t => Invariant($"{t.Unit} t = {t.T:0.00} (df {t.DegreesOfFreedom})")));
        return new AuditFinding(
            "Tests count repeated measurements as independent",
            Invariant($"Row by row a paired t-test has df {published[0].DegreesOfFreedom}, but there are {clips} clips. {strongest.First} against {strongest.Second}: rows t = {strongest.T:0.00}; {others}."),
            "Rows of one clip, and rows of one trained model, are alike. A test over rows overstates how sure the difference is.",
            []);
    }

    private static IReadOnlyList<string> Examples(IEnumerable<(AttackLog Log, AttackLogRow Row)> rows) => [.. rows.Take(5).Select(r => r.Log.Place(r.Row))];
}
