using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>What a recipe minimises on a batch and watches on the validation clips; counts what it asks of the model.</summary>
/// <param name="alignment">To the moments that the dataset rates: a model that predicts over time learns its curves.</param>
internal sealed class TrainingLosses(ITrainableModel model, TrainRecipe recipe, CurveAlignment alignment)
{
    private bool _isOverTime;

    /// <summary>Calls of the model so far.</summary>
    public TrainingCalls Calls { get; private set; }

    /// <summary>Adds calls that others made.</summary>
    public void Add(TrainingCalls calls) => Calls += calls;

    /// <summary>The loss of a batch.</summary>
    public Tensor Compute(LabelledClips batch)
    {
        CountGradients(batch.Count);
        return Compute(Predict(batch), batch, recipe.ConceptWeight);
    }

    /// <summary>The loss of a batch, and what the recipe adds for how far predictions move beside it.</summary>
    /// <param name="beside">Perturbed inputs.</param>
    public Tensor ComputeWithPenalty(LabelledClips batch, Tensor beside)
    {
        ModelOutput output = Predict(batch),
            moved = Predict(batch with { Input = beside });
        CountGradients(2 * batch.Count);
        Tensor distance = recipe.Adversarial!.ConceptStability is null
            ? nn.functional.mse_loss(moved.Emotion, output.Emotion)
            : nn.functional.mse_loss(moved.Concepts!, output.Concepts!);
        return Compute(output, batch, recipe.ConceptWeight) + (recipe.Adversarial.Penalty!.Value * distance);
    }

    /// <summary>The loss of a perturbed batch that follows a clean one: as in the paper emotions alone, whatever the concept
    /// weight.</summary>
    public Tensor ComputePerturbed(LabelledClips batch)
    {
        CountGradients(batch.Count);
        return Compute(Predict(batch), batch, conceptWeight: 0);
    }

    /// <summary>Loss and score of all validation clips.</summary>
    /// <param name="outputs">Predictions for them, in order, on the CPU.</param>
    public (double Loss, double Score) Validate(IReadOnlyList<ModelOutput> outputs, LabelledClips validation)
    {
        var predicted = new ModelOutput(
            cat([.. outputs.Select(o => o.Emotion)]),
            recipe.ConceptWeight > 0 ? cat([.. outputs.Select(o => o.Concepts!)]) : null
        )
        {
            Curve = _isOverTime ? cat([.. outputs.Select(o => o.Curve!)]) : null,
        };
        var rated = new LabelledClips(validation.Input, validation.Emotion.cpu(), validation.Concepts?.cpu())
        {
            Curve = validation.Curve?.cpu(),
        };
        double loss = Compute(predicted, rated, recipe.ConceptWeight).item<float>();
        double score = _isOverTime
            ? TrainingLoss.MeanCorrelation(predicted.Curve!, rated.Curve!)
            : TrainingLoss.MeanCorrelation(predicted.Emotion, rated.Emotion);
        if (predicted.Concepts is not null)
            score += TrainingLoss.MeanCorrelation(predicted.Concepts, rated.Concepts!);
        return (loss, score);
    }

    /// <summary>Predicts a batch.</summary>
    /// <exception cref="UserErrorException">The shape is not that of the ratings, or concepts are missing.</exception>
    public ModelOutput Predict(LabelledClips batch)
    {
        ModelOutput raw = model.Forward(batch.Input);
        _isOverTime = batch.Curve is not null && CurveAlignment.IsOverTime(raw);
        ModelOutput output = alignment.Align(raw);
        Calls += new TrainingCalls(batch.Count, 0, 0, 0);
        if (!output.Emotion.shape.SequenceEqual(batch.Emotion.shape))
        {
            throw new UserErrorException(
                $"The model predicts emotions of shape [{string.Join(", ", raw.Emotion.shape)}] where the ratings have "
                    + $"[{string.Join(", ", batch.Emotion.shape)}]. This is a fault of the model plugin."
            );
        }

        if (recipe.ConceptWeight > 0 && output.Concepts is null)
            throw new UserErrorException(
                "concept-weight is above 0, but the model predicts no concepts. Set concept-weight: 0, or use a model with a concept "
                    + "head, such as vgg with head: bottleneck."
            );
        return output;
    }

    private void CountGradients(long clips) => Calls += new TrainingCalls(0, clips, 0, 0);

    private Tensor Compute(ModelOutput output, LabelledClips batch, double conceptWeight) =>
        TrainingLoss.Compute(
            _isOverTime ? TrainingLoss.MeasureCurves(output.Curve!, batch.Curve!) : nn.functional.mse_loss(output.Emotion, batch.Emotion),
            output,
            batch.Concepts,
            conceptWeight
        );
}
