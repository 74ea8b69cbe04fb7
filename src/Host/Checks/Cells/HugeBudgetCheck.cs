using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>
/// With a budget that allows anything, an attack must do at least as much harm as a model that predicts the mean of the training ratings;
/// one that does not is stopped by something else than its budget (Carlini et al. 2019, arXiv 1902.06705, section 4.3: unbounded attacks
/// must succeed).
/// </summary>
internal sealed class HugeBudgetCheck : ICellCheck
{
    private const double LinfOfFeatures = 30;
    private const double SnrDb = -30;

    // For a model that is worse than the mean already: half of the mean's error on top.
    private const double LeastRise = 0.5;

    private const double MostAtEnds = 0.5;

    private const string Causes = "its steps are too short, or something hides the gradient";

    public string Id => "huge-budget";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        if (!IsConcerned(cell) || cell.Budget is not { } budget)
            yield break;
        Budget huge = Widen(budget, cell.Box, cell.Elements);
        TrialErrors errors = cell.Trials.AttackWithin(huge);
        double wanted = Math.Max(errors.OfMeanRating, errors.Clean + (errors.OfMeanRating * LeastRise));
        if (errors.Attacked >= wanted)
            yield break;
        string expected = FormattableString.Invariant($"{wanted:0.000} is expected (the mean rating has {errors.OfMeanRating:0.000})");
        string cause = Cause(cell, errors);
        yield return this.Doubt(
            $"at {huge}, which allows anything, it reaches an MAE of {errors.Attacked:0.000} where at least {expected}: {cause}"
        );
    }

    // A squashed output, such as a probability, ends where the scale does: an error grows to that end, and no farther.
    private static string Cause(CellEvidence cell, TrialErrors errors) =>
        errors.AtEnds > MostAtEnds
            ? $"{errors.AtEnds:0 %} of its predictions lie at the ends of the rating scale and none beyond, as probabilities do, "
                + $"where '{cell.Objective}' has nowhere to go; attack in a direction, such as 'objective: {cell.Direction}'"
            : Causes;

    /// <summary>A budget of the same norm that allows anything.</summary>
    /// <param name="elements">Numbers of one clip's input.</param>
    public static Budget Widen(Budget budget, Box? box, long elements)
    {
        double widest = box is { } b ? b.Maximum - b.Minimum : LinfOfFeatures;
        return budget.Norm switch
        {
            Norm.Linf => new Budget(Norm.Linf, Math.Max(widest, budget.Size)),
            Norm.L2 => new Budget(Norm.L2, Math.Max(widest * Math.Sqrt(elements), budget.Size)),
            _ => new Budget(Norm.Snr, Math.Min(SnrDb, budget.Size)),
        };
    }

    // One step overshoots, and what is no error has no mean rating to compare with.
    private static bool IsConcerned(CellEvidence cell) =>
        cell.Attack is { Knowledge: AttackKnowledge.Gradients, IsIterative: true }
        && (cell.Objective == Objective.Mse.Name || cell.Objective == Objective.Mae.Name);
}
