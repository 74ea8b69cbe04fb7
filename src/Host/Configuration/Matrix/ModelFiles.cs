using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>What models say of the files that they are made from, before anything is run or decoded.</summary>
internal sealed class ModelFiles
{
    private readonly BenchmarkDefinition _definition;
    private readonly Dictionary<ModelDefinition, ModelFileReport> _reports = [];

    /// <summary>Asks the models that can tell (<see cref="IStaticInspection"/>).</summary>
    public ModelFiles(BenchmarkDefinition definition)
    {
        _definition = definition;
        foreach (ModelDefinition model in definition.Models)
            if (typeof(IStaticInspection).IsAssignableFrom(model.Use.Plugin.Type) && Ask(model) is { } report)
                _reports[model] = report;
    }

    /// <summary>What a user should know of them.</summary>
    public IReadOnlyList<string> Remarks => [.. _reports.Values.SelectMany(r => r.Remarks).Distinct(StringComparer.Ordinal)];

    /// <summary>Files that cannot be used, and attacks that need gradients of a model that has none.</summary>
    public IEnumerable<BenchmarkProblem> Complaints()
    {
        foreach ((ModelDefinition model, ModelFileReport report) in _reports)
        {
            if (report.Refusal is { } refusal)
                yield return new BenchmarkProblem(model.Use.At, $"model '{model.Name}': {refusal.TrimEnd('.')}");
            else if (!report.HasGradients)
                foreach (PerturbationDefinition attack in _definition.Perturbations.Where(p => Follows(p, model)))
                    yield return new BenchmarkProblem(
                        attack.At,
                        $"'{attack.Name}' follows gradients, and model '{model.Name}' has none: {Reason(report)}",
                        "use an attack that asks for predictions, such as square, or leave the pair out under 'matrix: exclude'"
                    );
        }
    }

    // A model that cannot tell fails its cells.
    private static ModelFileReport? Ask(ModelDefinition model)
    {
        try
        {
            using IStaticInspection made = model.Use.Create<IStaticInspection>();
            return made.Inspect();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string Reason(ModelFileReport report) =>
        report.Remarks.Count > 0 ? GuestText.Message(report.Remarks[0]).TrimEnd('.') : "its file has no form that can be differentiated";

    private bool Follows(PerturbationDefinition perturbation, ModelDefinition model)
    {
        if (perturbation.IsCorruption)
            return false;
        bool asksForGradients = perturbation.Use.WithInner().Any(u => u.Plugin.Knowledge == AttackKnowledge.Gradients);
        if (perturbation.Surrogates.Contains(model.Name, StringComparer.Ordinal))
            return asksForGradients;
        bool isCraftedElsewhere = perturbation.Use.Plugin.Knowledge == AttackKnowledge.Transfer && perturbation.Surrogates.Count > 0;
        return asksForGradients && !isCraftedElsewhere && !IsExcluded(perturbation, model);
    }

    private bool IsExcluded(PerturbationDefinition perturbation, ModelDefinition model) =>
        _definition.Exclude.Any(e =>
            e.Seed is null && (e.Model is null || e.Model == model.Name) && (e.Perturbation is null || e.Perturbation == perturbation.Name)
        );
}
