using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Host.Training;

/// <summary>The <c>train:</c> mapping of a model. Defaults are the recipe of Hoedt, Flexer and Widmer (SMC 2025).</summary>
public sealed record TrainRecipe(
    [Description("Most epochs to train.")][Range(1, 100_000)] int Epochs = 199,
    [Description("Clips a batch; the last incomplete batch of an epoch is dropped.")][Range(1, 4096)] int Batch = 8,
    [Description("Adam's learning rate.")][Range(1e-9, 10)] double LearningRate = 5e-4,
    [Description("Epochs without a better validation correlation after which training stops.")][Range(1, 100_000)] int Patience = 50,
    [Description("Weight w of the concept loss: (1-w) MSE(emotion) + w MSE(concepts). 0 trains on emotions alone.")][Range(0, 1)] double ConceptWeight = 0);
