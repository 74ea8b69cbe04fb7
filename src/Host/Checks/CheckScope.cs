namespace MerBench.Host.Checks;

/// <summary>What a check looks at, and so whom its doubts concern.</summary>
internal enum CheckScope
{
    /// <summary>A model's predictions: every perturbation of the model, corruptions included.</summary>
    Predictions,

    /// <summary>A model's gradient: every attack on the model. Corruptions follow none.</summary>
    Gradients,

    /// <summary>How one attack searched: its cell.</summary>
    Search,

    /// <summary>A cell beside another one of the same model: the one that should have been the stronger.</summary>
    Comparison,
}
