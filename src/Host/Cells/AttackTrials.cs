using MerBench.Host.Checks.Cells;
using MerBench.Host.Data;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Attacks a few clips of a cell again, with an instance of the attack of its own.</summary>
internal sealed class AttackTrials(
    AttackedModel attacked,
    CellObjective objective,
    CellBatches batches,
    PreparedDataset data,
    Device device,
    CancellationToken cancel
) : IAttackTrials
{
    private const int Clips = 4;

    // Of the rating scale.
    private const double NearEnd = 0.05;

    public TrialErrors AttackWithin(Budget budget)
    {
        using var scope = NewDisposeScope();
        CellBatch batch = Take(attacked.Model.Precision);
        IReadOnlyList<Prediction> predicted = Attack(attack => attacked.Craft(attack, batch, budget, attacked.Model.Precision, cancel));
        Tensor mean = data.Features(Split.Train).Emotion.mean([0]).to(device).unsqueeze(0);
        Tensor found = Prediction.Stack(predicted, device).Emotion;
        return new TrialErrors(
            Clean: Error(Prediction.Stack(batch.Clean, device).Emotion),
            Attacked: Error(found),
            OfMeanRating: Error(mean),
            AtEnds: ShareAtEnds(found, data.Emotions)
        );

        double Error(Tensor prediction) => (prediction - batch.Targets).abs().mean().item<float>();
    }

    public IReadOnlyList<float> AttackInFp32()
    {
        using var scope = NewDisposeScope();
        CellBatch batch = Take(Precision.Fp32);
        return objective.Measure(batch, Attack(attack => attacked.Craft(attack, batch, objective, Precision.Fp32, cancel))).Value;
    }

    private static double ShareAtEnds(Tensor predictions, LabelSpace emotions)
    {
        Tensor place = (predictions - emotions.Minimum) / (emotions.Maximum - emotions.Minimum);
        Tensor toEnd = minimum(place, 1 - place);
        return toEnd.lt(-NearEnd).any().item<bool>() ? 0 : toEnd.lt(NearEnd).to(ScalarType.Float64).mean().item<double>();
    }

    private CellBatch Take(Precision precision) => batches.Take(0, Math.Min(Clips, batches.Clips), precision, null, cancel);

    private IReadOnlyList<Prediction> Attack(Func<IAttack, CraftedBatch> craft)
    {
        var attack = attacked.Cell.Perturbation.Use.Create<IAttack>();
        using var disposable = attack as IDisposable;
        return attacked.Model.Predict(craft(attack).Input, attacked.Domain);
    }
}
