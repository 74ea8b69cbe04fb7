using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Host.Results;
using static System.FormattableString;

namespace MerBench.Analysis.Audit;

/// <summary>What is looked for in attack logs. A rule is silent where the logs do not show it.</summary>
/// <param name="inputValues">Numbers in one attacked input; with the configured L-infinity radius they bound the L2 norm.</param>
internal sealed class AuditRules(
    IReadOnlyList<ClipLog> logs,
    IReadOnlyList<SystemScores> systems,
    IReadOnlyList<PairedTTest> tests,
    LogStatistics statistics,
    long inputValues
)
{
    // Logged norms are rounded single precision.
    private const double Slack = 1.001;

    // A threshold is lowered by a tenth whenever the attack gets below it.
    private const double ThresholdStep = 0.1;

    private readonly (ClipLog Log, ClipRow Row)[] _rows = [.. logs.SelectMany(l => l.Rows.Select(r => (l, r)))];

    public IReadOnlyList<AuditFinding> All() =>
        new[] { BeyondBudget(), NeverConverged(), AnotherIterate(), ZeroPerturbation(), OutOfRange(), RankingFlips(), PseudoReplication() }
            .OfType<AuditFinding>()
            .ToList();

    private AuditFinding? BeyondBudget()
    {
        var bounded = _rows
            .Where(r => (r.Row.L2 is not null && L2Bound(r.Row) is not null) || (r.Row.Linf is not null && r.Row.BudgetLinf is not null))
            .ToList();
        var beyond = bounded.Where(r => r.Row.L2 > L2Bound(r.Row) * Slack || r.Row.Linf > r.Row.BudgetLinf * Slack).ToList();
        if (beyond.Count == 0)
            return null;
        return new AuditFinding(
            "Perturbations larger than configured",
            string.Create(
                    CultureInfo.InvariantCulture,
                    $"{beyond.Count} of {bounded.Count} rows. "
                        + $"{Sizes("L2 norm", r => r.L2, L2Bound)}{Sizes("L-infinity norm", r => r.Linf, r => r.BudgetLinf)}"
                )
                .TrimEnd(),
            "The results hold for perturbations of the logged size. They say nothing yet of the configured one.",
            Examples(beyond.OrderByDescending(r => r.Row.L2 ?? r.Row.Linf))
        );

        string Sizes(string norm, Func<ClipRow, double?> size, Func<ClipRow, double?> bound)
        {
            ClipRow[] larger = [.. beyond.Select(r => r.Row).Where(r => size(r) > bound(r) * Slack)];
            if (larger.Length == 0)
                return "";
            double?[] bounds = [.. larger.Select(bound).Distinct().Order()];
            string limit = bounds.Length == 1 ? Invariant($"{bounds[0]:0.###}") : Invariant($"{bounds[0]:0.###} to {bounds[^1]:0.###}");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The configured budget bounds the {norm} by {limit}; the logged norms have median {larger.Select(size).Median():0.###} "
                    + $"and maximum {larger.Max(size):0.###}. "
            );
        }
    }

    // A perturbation of n values within the L-infinity radius e has an L2 norm of e sqrt(n) at most. Where its own L-infinity norm is
    // known, that tells more.
    private double? L2Bound(ClipRow row) => row.BudgetL2 ?? (row.Linf is null ? row.BudgetLinf * Math.Sqrt(inputValues) : null);

    private AuditFinding? NeverConverged()
    {
        var known = _rows.Where(r => r.Row.Converged is not null).ToList();
        return known.Count == 0 || known.Exists(r => r.Row.Converged == true)
            ? null
            : new AuditFinding(
                "No attack converged",
                Invariant($"None of {known.Count} rows is marked as converged; each attack ran to its last iteration."),
                "The attack's own goal was never met, so its results depend on the number of iterations, and a longer attack may do "
                    + "more harm.",
                []
            );
    }

    private AuditFinding? AnotherIterate()
    {
        var above = _rows
            .Where(r => r.Row.Threshold is { } next && Correlation.Pearson(r.Row.Rating, r.Row.Perturbed) > next + ThresholdStep + 1e-6)
            .ToList();
        return above.Count == 0
            ? null
            : new AuditFinding(
                "Size and prediction come from different iterates",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"In {above.Count} of {_rows.Length} rows the logged prediction correlates better with the ratings than the "
                        + $"threshold that the selected perturbation had passed."
                ),
                "Norm and SNR describe the selected perturbation, the prediction another one, so harm cannot be read against size.",
                Examples(above)
            );
    }

    private AuditFinding? ZeroPerturbation()
    {
        var zero = _rows
            .Where(r => (r.Row.L2 ?? r.Row.Linf) == 0 && r.Row.Clean.Zip(r.Row.Perturbed, (c, p) => Math.Abs(c - p)).Max() > 1e-3)
            .ToList();
        return zero.Count == 0
            ? null
            : new AuditFinding(
                "A perturbation of size zero that moves the prediction",
                Invariant($"{zero.Count} of {_rows.Length} rows log the norm 0, but another prediction than for the clean clip."),
                "No perturbation can do that: the prediction belongs to another iterate than the norm.",
                Examples(zero)
            );
    }

    private AuditFinding? OutOfRange()
    {
        if (systems.All(s => s.OutOfRange.Mean < 0.01))
            return null;
        return new AuditFinding(
            "Predictions outside of the rating scale",
            string.Join(
                "; ",
                systems.Select(s =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{s.System}: {s.OutOfRange.Mean:0 %} of perturbed predictions, MAE {s.PerturbedMae.Mean:0.000}, clipped to the "
                            + $"scale {s.ClippedMae.Mean:0.000}"
                    )
                )
            ) + ".",
            "No listener rates beyond the scale, and a user of the model would clip. Unclipped, MAE measures how far predictions leave it.",
            []
        );
    }

    private AuditFinding? RankingFlips()
    {
        (string Name, string[] Order)[] rankings =
        [
            ("unclipped MAE", Order(s => s.PerturbedMae.Mean)),
            ("clipped MAE", Order(s => s.ClippedMae.Mean)),
            ("r", Order(s => -s.PerturbedR.Mean)),
        ];
        return rankings.Select(r => string.Join(' ', r.Order)).Distinct(StringComparer.Ordinal).Count() == 1
            ? null
            : new AuditFinding(
                "The ranking depends on the metric",
                string.Join("; ", rankings.Select(r => $"by {r.Name} after the attack: {string.Join(", ", r.Order)} (best first)")) + ".",
                "A claim that one system is more robust than another holds for one metric only.",
                []
            );

        string[] Order(Func<SystemScores, double> score) => [.. systems.OrderBy(score).Select(s => s.System)];
    }

    private AuditFinding? PseudoReplication()
    {
        PairedTTest[] published = [.. tests.Where(t => t.Unit.StartsWith("rows", StringComparison.Ordinal))];
        if (published.Length == 0 || logs.GroupBy(l => l.System).All(g => g.Count() == 1))
            return null;
        int clips = logs[0].Rows.Select(r => r.Clip).Distinct(StringComparer.Ordinal).Count();
        PairedTTest strongest = published.MaxBy(t => Math.Abs(t.T))!;
        string others = string.Join(
            ", ",
            tests
                .Where(t => t.First == strongest.First && t.Second == strongest.Second && t != strongest)
                .Select(t => Invariant($"{t.Unit} t = {t.T:0.00} (df {t.DegreesOfFreedom})"))
        );
        if (statistics.Comparisons.FirstOrDefault(c => c.First == strongest.First && c.Second == strongest.Second) is { } crossed)
            others += Invariant($"; seeds and clips both random t = {crossed.Test.T:0.00} (df {crossed.Test.DegreesOfFreedom:0.#})");
        return new AuditFinding(
            "Tests count repeated measurements as independent",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Row by row a paired t-test has df {published[0].DegreesOfFreedom}, but there are {clips} clips. {strongest.First} "
                    + $"against {strongest.Second}: rows t = {strongest.T:0.00}; {others}."
            ),
            "Rows of one clip, and rows of one trained model, are alike. A test over rows overstates how sure the difference is.",
            []
        );
    }

    private static IReadOnlyList<string> Examples(IEnumerable<(ClipLog Log, ClipRow Row)> rows) =>
        [.. rows.Take(5).Select(r => Place(r.Log, r.Row))];

    // A row as a person finds it.
    private static string Place(ClipLog log, ClipRow row)
    {
        string unit = log.Path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? "row" : "line";
        return Invariant($"{log.System} seed {log.Seed}, {unit} {row.Line} ({row.Clip})");
    }
}
