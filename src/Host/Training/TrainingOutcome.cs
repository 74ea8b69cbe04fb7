namespace MerBench.Host.Training;

/// <summary>One epoch of a learning curve.</summary>
/// <param name="TrainLoss">Mean loss over the epoch's batches, in training mode.</param>
/// <param name="ValidationLoss">Loss on the validation clips, in evaluation mode.</param>
/// <param name="ValidationScore">What early stopping watches: the mean Pearson r over emotions, plus that over concepts when they are
/// trained; a label predicted as a constant counts as -1.</param>
public sealed record EpochRow(int Epoch, double TrainLoss, double ValidationLoss, double ValidationScore, double Seconds);

/// <summary>Progress after an epoch.</summary>
public sealed record TrainingProgress(int Epoch, int Epochs, EpochRow Row, int BestEpoch);

/// <summary>What training did and cost.</summary>
/// <param name="BestEpoch">The epoch whose weights were kept, from 1; 0 for a model that was fitted in closed form or not trained at
/// all.</param>
/// <param name="ForwardCalls">Clips that went forward through the model, validation included.</param>
/// <param name="GradientCalls">Clips whose loss was differentiated with respect to parameters.</param>
/// <param name="ValidatedOnTraining">There were no validation clips, so that the best epoch was chosen on the training clips.</param>
public sealed record TrainingOutcome(
    int BestEpoch,
    int EpochsRun,
    IReadOnlyList<EpochRow> Curve,
    TimeSpan WallTime,
    long ForwardCalls,
    long GradientCalls,
    bool ValidatedOnTraining
)
{
    /// <summary>Forward calls of adversarial training's attacks, summed over clips; a gradient call includes one.</summary>
    public long AttackForwardCalls { get; init; }

    /// <summary>Gradient calls, with respect to the input, of adversarial training's attacks, summed over clips.</summary>
    public long AttackGradientCalls { get; init; }

    /// <summary>Floating-point operations of one clip's forward pass, two a multiply-add; null where the model does not say
    /// (<see cref="IForwardCost"/>).</summary>
    public double? ForwardFlops { get; init; }

    /// <summary>
    /// Estimated floating-point operations of the training: a gradient with respect to parameters and activations costs two forward passes,
    /// one
    /// with respect to the input alone costs one.
    /// </summary>
    public double? Flops => ForwardFlops * (ForwardCalls + (2 * GradientCalls) + AttackForwardCalls + AttackGradientCalls);

    /// <summary>The watched correlation at the best epoch; null where there is no curve.</summary>
    public double? BestValidationScore => BestEpoch > 0 ? Curve[BestEpoch - 1].ValidationScore : null;
}
