namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>How a model is trained. Defaults are the recipe of Hoedt, Flexer and Widmer (SMC 2025).</summary>
/// <param name="Epochs">Most epochs to train.</param>
/// <param name="Batch">Clips a batch; the last incomplete batch of an epoch is dropped.</param>
/// <param name="LearningRate">Adam's learning rate.</param>
/// <param name="Patience">Epochs without a better validation correlation after which training stops.</param>
/// <param name="ConceptWeight">Weight w of the concept loss: (1-w) MSE(emotion) + w MSE(concepts).</param>
public sealed record TrainRecipe(int Epochs = 199, int Batch = 8, double LearningRate = 5e-4, int Patience = 50, double ConceptWeight = 0)
{
    /// <summary>How batches are attacked and trained on, or null.</summary>
    public AdversarialTraining? Adversarial { get; init; }

    /// <summary>Free adversarial training, or null; excludes <see cref="Adversarial"/>.</summary>
    public FreeTraining? Free { get; init; }

    /// <summary>Standard deviation of Gaussian noise that is added to each training clip, drawn anew in each epoch; in units of the model's
    /// input. 0 for none.</summary>
    public double Noise { get; init; }
}
