using MerBench.Host.Training;

namespace MerBench.Host.Results;

/// <summary>What the trainings of one model have cost, means over seeds.</summary>
/// <param name="Seconds">Wall time on the machine of the training.</param>
/// <param name="ForwardCalls">Clips that went forward through the network, validation included, attacks excluded.</param>
/// <param name="GradientCalls">Clips whose loss was differentiated with respect to parameters.</param>
/// <param name="Flops">Estimated floating-point operations (<see cref="TrainingOutcome.Flops"/>); null where the model does not
/// say.</param>
public sealed record TrainingCost(
    string Model,
    int Seeds,
    double Seconds,
    double ForwardCalls,
    double GradientCalls,
    double AttackForwardCalls,
    double AttackGradientCalls,
    double? Flops
)
{
    /// <summary>One entry for each model that was trained by gradient descent, in the order of the benchmark.</summary>
    public static IReadOnlyList<TrainingCost> Summarise(RunResults results) =>
        [
            .. results
                .Models.Where(m => m.Training?.Outcome is { EpochsRun: > 0 })
                .GroupBy(m => m.Name, StringComparer.Ordinal)
                .Select(group =>
                {
                    TrainingOutcome[] outcomes = [.. group.Select(m => m.Training!.Outcome!)];
                    return new TrainingCost(
                        group.Key,
                        outcomes.Length,
                        outcomes.Average(o => o.WallTime.TotalSeconds),
                        outcomes.Average(o => o.ForwardCalls),
                        outcomes.Average(o => o.GradientCalls),
                        outcomes.Average(o => o.AttackForwardCalls),
                        outcomes.Average(o => o.AttackGradientCalls),
                        outcomes.All(o => o.Flops is not null) ? outcomes.Average(o => o.Flops!.Value) : null
                    );
                }),
        ];
}
