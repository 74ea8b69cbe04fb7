namespace MerBench.Host.Checks.Cells;

/// <summary>Attacks the first few clips of a cell once more, in another way. Each takes as long as these clips took.</summary>
internal interface IAttackTrials
{
    /// <summary>With another budget.</summary>
    TrialErrors AttackWithin(Budget budget);

    /// <summary>In fp32: the objective that is reached, a clip each.</summary>
    IReadOnlyList<float> AttackInFp32();
}

/// <summary>Mean absolute errors over the clips of a trial.</summary>
/// <param name="Clean">Before the attack.</param>
/// <param name="Attacked">After it.</param>
/// <param name="OfMeanRating">Of predicting the mean training rating instead.</param>
/// <param name="AtEnds">The share of attacked predictions that lie at an end of the rating scale; 0 where any lies beyond.</param>
internal sealed record TrialErrors(double Clean, double Attacked, double OfMeanRating, double AtEnds = 0);
