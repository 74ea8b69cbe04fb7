using System.Diagnostics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Plugins.Guests;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>Trains any kind of model by its recipe.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains by gradient descent, fits in closed form, or leaves alone, as the model's interface says; afterwards the model is in
    /// evaluation
    /// mode. The result depends on the clips, the recipe and the stream only.
    /// </summary>
    /// <param name="training">Training clips, on any device.</param>
    /// <param name="validation">Validation clips; where there are none, the best epoch is chosen on the training clips and the outcome says
    /// so.</param>
    /// <param name="aids">What else a training by gradient descent may use.</param>
    /// <exception cref="UserErrorException">No clips, concepts asked for that are not there, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model's weights are those of the moment.</exception>
    internal static TrainingOutcome Train(
        IModel model,
        TrainRecipe recipe,
        LabelledClips training,
        LabelledClips validation,
        RandomStream random,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancel,
        TrainingAids? aids = null
    )
    {
        cancel.ThrowIfCancellationRequested();
        if (model is ITrainableModel or IFittableModel && training.Count == 0)
            throw new UserErrorException(
                "There are no training clips. Give the dataset a training split, or load weights instead of training."
            );
        var clock = Stopwatch.StartNew();
        switch (model)
        {
            case ITrainableModel trainable:
                using (var run = new GradientTraining(trainable, recipe, training, validation, random, aids ?? new TrainingAids()))
                    return run.Train(progress, cancel);
            case IFittableModel fittable:
                Fit(fittable, training, validation, cancel);
                WeightChecks.RequireFinite(model, "after fitting", "Look for NaN or extreme values in the dataset's ratings.");
                model.SetTraining(false);
                return new TrainingOutcome(0, 0, [], clock.Elapsed, training.Count + validation.Count, 0, ValidatedOnTraining: false);
            default:
                model.SetTraining(false);
                return new TrainingOutcome(0, 0, [], clock.Elapsed, 0, 0, ValidatedOnTraining: false);
        }
    }

    private static void Fit(IFittableModel model, LabelledClips training, LabelledClips validation, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        LabelledClips lentTraining = Lent.Copy(training, training.Input.device);
        LabelledClips lentValidation = Lent.Copy(validation, validation.Input.device);
        model.Fit(lentTraining, lentValidation, cancel);
        Lent.RequireUnspoiled("The model", "the training clips", lentTraining, training);
        Lent.RequireUnspoiled("The model", "the validation clips", lentValidation, validation);
    }
}
