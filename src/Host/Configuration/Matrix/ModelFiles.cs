using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>What models say of the files that they are made from, before anything is run or decoded.</summary>
internal static class ModelFiles
{
    /// <summary>What a model says of its file (<see cref="IStaticInspection"/>); null where it cannot tell.</summary>
    public static ModelFileReport? Inspect(PluginUse use)
    {
        if (!typeof(IStaticInspection).IsAssignableFrom(use.Plugin.Type))
            return null;
        try
        {
            using IStaticInspection made = use.Create<IStaticInspection>();
            return made.Inspect();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It fails its cells.
            return null;
        }
    }

    /// <summary>What a user should know of them.</summary>
    public static IReadOnlyList<string> ListRemarks(BenchmarkDefinition definition) =>
        [.. definition.Models.SelectMany(m => m.File?.Remarks ?? []).Distinct(StringComparer.Ordinal)];

    /// <summary>Files that cannot be used, and attacks that need gradients of a model that has none.</summary>
    public static IEnumerable<BenchmarkProblem> Complaints(BenchmarkDefinition definition)
    {
        foreach (ModelDefinition model in definition.Models)
        {
            if (model.File?.Refusal is { } refusal)
                yield return new BenchmarkProblem(model.Use.At, $"model '{model.Name}': {refusal.TrimEnd('.')}");
            else if (model.File is { HasGradients: false } report)
                foreach (PerturbationDefinition attack in definition.Perturbations.Where(p => Follows(definition, p, model)))
                    yield return new BenchmarkProblem(
                        attack.At,
                        $"'{attack.Name}' follows gradients, and model '{model.Name}' has none: {Reason(report)}",
                        "use an attack that asks for predictions, such as square, or leave the pair out under 'matrix: exclude'"
                    );
        }
    }

    private static string Reason(ModelFileReport report) =>
        report.Remarks.Count > 0 ? GuestText.Message(report.Remarks[0]).TrimEnd('.') : "its file has no form that can be differentiated";

    private static bool Follows(BenchmarkDefinition definition, PerturbationDefinition perturbation, ModelDefinition model)
    {
        if (perturbation.IsCorruption)
            return false;
        bool asksForGradients = perturbation.Use.WithInner().Any(u => u.Plugin.Knowledge == AttackKnowledge.Gradients);
        if (perturbation.Surrogates.Contains(model.Name, StringComparer.Ordinal))
            return asksForGradients;
        bool isCraftedElsewhere = perturbation.Use.Plugin.Knowledge == AttackKnowledge.Transfer && perturbation.Surrogates.Count > 0;
        return asksForGradients && !isCraftedElsewhere && definition.Meet(model, perturbation);
    }
}
