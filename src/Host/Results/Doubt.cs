using MerBench.Host.Checks;

namespace MerBench.Host.Results;

/// <summary>A reason not to believe a cell: the model may be less robust than its harm says.</summary>
/// <param name="Check">The check's id, in kebab-case.</param>
/// <param name="Reason">What was seen, with numbers, and what to do.</param>
public sealed record Doubt(string Check, string Reason)
{
    /// <summary>Of its check; null for one that this version does not know.</summary>
    internal CheckScope? Scope => CheckList.All.FirstOrDefault(c => c.Id == Check)?.Scope;

    /// <summary>Whether it concerns the model, and is the same for all perturbations.</summary>
    internal bool IsOfModel => Scope is CheckScope.Predictions or CheckScope.Gradients;
}
