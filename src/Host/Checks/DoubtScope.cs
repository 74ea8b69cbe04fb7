using MerBench.Host.Results;

namespace MerBench.Host.Checks;

/// <summary>Whom a doubt concerns.</summary>
internal static class DoubtScope
{
    extension(Doubt doubt)
    {
        /// <summary>Of its check; null for one that this version does not know.</summary>
        public CheckScope? Scope => CheckList.All.FirstOrDefault(c => c.Id == doubt.Check)?.Scope;

        /// <summary>Whether it concerns the model, and is the same for all perturbations.</summary>
        public bool IsOfModel => doubt.Scope is CheckScope.Predictions or CheckScope.Gradients;
    }
}
