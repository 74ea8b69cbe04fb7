using System.Globalization;
using MerBench.Host.Arithmetic;
using MerBench.Host.Configuration.Benchmarks;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>Says why a training ended in NaN: its data, the machine, or its recipe.</summary>
/// <param name="model">The model as it is now; afterwards it has the sound weights.</param>
/// <param name="sound">The best weights so far, or those at the start of the training.</param>
/// <param name="rebuild">Builds another instance of the model; null to do without float64.</param>
internal sealed class Divergence(
    ITrainableModel model,
    IReadOnlyDictionary<string, Tensor> sound,
    TrainRecipe recipe,
    Func<IModel>? rebuild
)
{
    // Standardised features have a deviation of 1, waveforms end at 1, ratings lie on a scale.
    private const double Extreme = 1e4;
    private const double Grown = 10;
    private const int Repetitions = 4;

    private const string MendData = "Mend or leave out what is wrong ('merbench validate --data' looks at all of it).";
    private const string NaNAgain = "the same batch, with weights that are finite, gives NaN again";
    private const string TestMachine =
        "Let 'merbench doctor' test this machine's arithmetic, and train elsewhere or as it says; numbers from here are not to be trusted.";

    /// <param name="batch">The clips whose loss was not a number.</param>
    /// <param name="data">All clips, by the name of their split.</param>
    /// <param name="growth">How the loss developed before.</param>
    public (string Why, ErrorKind Kind) Explain(
        LabelledClips batch,
        IReadOnlyList<(string Split, LabelledClips Clips)> data,
        LossGrowth growth
    )
    {
        using var scope = NewDisposeScope();
        if (data.Select(d => OfData(d.Split, d.Clips)).FirstOrDefault(found => found is not null) is { } wrong)
            return ($"The cause is the data: {wrong}. {MendData}", ErrorKind.Input);
        double weight = LargestWeight();
        RestoreSound();
        double soundWeight = LargestWeight();
        return OfMachine(batch) is { } fault
            ? (
                $"The cause is not the recipe, but this machine or a fault of the model plugin: {fault}. {TestMachine}",
                ErrorKind.Environment
            )
            : (OfRecipe(growth, soundWeight, weight), ErrorKind.Input);
    }

    private string OfRecipe(LossGrowth growth, double soundWeight, double weight)
    {
        string smaller = string.Create(CultureInfo.InvariantCulture, $"Lower learning-rate ({recipe.LearningRate:g3} now).");
        string losses = FormattableString.Invariant(
            $"from {growth.First:g3} in the first batch to {growth.Last:g3} in the last one that had a number"
        );
        if (growth.IsRunaway)
            return $"The cause is the recipe: the loss grew {losses}. {smaller}";
        if (weight > Grown * soundWeight)
        {
            string weights = FormattableString.Invariant($"from {soundWeight:g3} to {weight:g3}");
            return $"The cause is the recipe: the largest weight grew {weights}. {smaller}";
        }

        string before = growth.IsEmpty ? "It was the first batch" : $"The loss had not grown before ({losses})";
        return $"{before}, the data are sound, and this machine computes the same batch rightly now, so something was wrong for a moment: "
            + "run it again, and if it happens again let 'merbench doctor' test this machine. "
            + $"If it happens at the same batch, the recipe is the cause: {smaller}";
    }

    private static string? OfData(string split, LabelledClips clips) =>
        OfData(split, "input", clips.Input)
        ?? OfData(split, "rating of emotions", clips.Emotion)
        ?? (clips.Concepts is { } concepts ? OfData(split, "rating of concepts", concepts) : null);

    private static string? OfData(string split, string what, Tensor values)
    {
        if (values.shape[0] == 0)
            return null;
        using var scope = NewDisposeScope();
        bool[] sound = (values.abs() <= Extreme).flatten(1).all(1).cpu().data<bool>().ToArray();
        int wrong = sound.Count(s => !s);
        int first = Array.IndexOf(sound, false) + 1;
        return wrong == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the {what} of {wrong} of {sound.Length} {split} clips holds NaN, infinity or a value beyond {Extreme:0}, "
                    + $"first that of number {first}"
            );
    }

    private double LargestWeight() => model.Parameters.Max(p => p.detach().abs().max().item<float>());

    private void RestoreSound()
    {
        using var guard = no_grad();
        foreach ((string name, Tensor value) in model.State)
            value.copy_(sound[name]);
    }

    // The very batch, with weights that were right, several times: what is wrong now and then is seen, and what is wrong each time.
    private string? OfMachine(LabelledClips batch)
    {
        using var copy = DoublePrecision.Copy(model, rebuild) as ITrainableModel;
        foreach (bool training in new[] { false, true })
        {
            TrainingStep? exact = copy is null ? null : Exact(copy, batch, training);
            TrainingStep first = Compute(model, batch, training, ScalarType.Float32);
            for (int i = 0; i < Repetitions; i++)
            {
                TrainingStep step = i == 0 ? first : Compute(model, batch, training, ScalarType.Float32);
                if (!step.IsFinite && exact is null or { IsFinite: true })
                    return exact is null ? NaNAgain : $"{NaNAgain} in float32 and none in float64";
                if (step.IsFinite && first.IsFinite && step.DifferenceFrom(first) is { } changed)
                    return $"computed again, the same batch gives something else: {changed}";
                // Dropout draws otherwise in another format.
                if (!training && exact is { IsFinite: true } && step.DifferenceFrom(exact) is { } off)
                    return $"in float32 the same batch gives something else than in float64: {off}";
            }
        }

        return null;
    }

    private TrainingStep? Exact(ITrainableModel copy, LabelledClips batch, bool training)
    {
        try
        {
            TrainingStep step = Compute(copy, batch, training, ScalarType.Float64);
            return step.OfWeights.dtype == ScalarType.Float64 ? step : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
        {
            return null;
        }
    }

    private TrainingStep Compute(ITrainableModel computing, LabelledClips batch, bool training, ScalarType type)
    {
        computing.SetTraining(training);
        manual_seed(1); // dropout
        return TrainingStep.Compute(computing, batch, recipe.ConceptWeight, type);
    }
}
