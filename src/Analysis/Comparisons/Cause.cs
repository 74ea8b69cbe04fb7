using System.Text.Json;

namespace MerBench.Analysis.Comparisons;

/// <summary>What can have moved a metric.</summary>
public enum CauseKind
{
    ModelCode,
    ModelOptions,
    Training,
    Weights,
    Perturbation,
    Dataset,
    FrontEnd,
    Metric,
    Device,
    Host,
}

/// <summary>Something that differs between what two results were made from.</summary>
/// <param name="What">In words.</param>
/// <param name="Accepted">How it was; null where it was not there, or is no text for people, such as a hash.</param>
/// <param name="Received">How it is.</param>
public sealed record Cause(CauseKind Kind, string What, string? Accepted, string? Received)
{
    public bool IsOfModel => Kind is CauseKind.ModelCode or CauseKind.ModelOptions or CauseKind.Training or CauseKind.Weights;

    public override string ToString() =>
        Accepted is null && Received is null ? $"{What} changed" : $"{What}: {Accepted ?? "nothing"} -> {Received ?? "nothing"}";

    /// <summary>All differences between what two cells depend on: specifications first, then the surroundings.</summary>
    internal static IReadOnlyList<Cause> Between(CellOrigin before, CellOrigin now)
    {
        var found = new List<Cause>();
        foreach ((ModelOrigin then, ModelOrigin here) in before.Models.Zip(now.Models))
            found.AddRange(Explain(then.Specification, here.Specification, d => OfModel(d, here.Name)));
        found.AddRange(Explain(before.Specification, now.Specification, d => OfCell(d, now.Perturbation)));
        foreach (
            (Surrounding then, Surrounding here) in before.Surroundings.Zip(now.Surroundings).Where(s => s.Second.IsOtherThan(s.First))
        )
            found.Add(new Cause(here.Kind, here.Name, then.Value, here.Value));
        return [.. found.Distinct()];
    }

    // Where another plugin stands, its options and code differ as well, and say nothing.
    private static IEnumerable<Cause> Explain(JsonElement before, JsonElement now, Func<SpecificationDifference, Cause?> cause)
    {
        SpecificationDifference[] differences = [.. SpecificationDifference.Find(before, now)];
        HashSet<string> replaced = [.. differences.Where(d => d.IsOfPlugin).Select(d => d.Parent)];
        return differences.Where(d => d.IsOfPlugin || !replaced.Any(p => d.IsBelow(p))).Select(cause).OfType<Cause>();
    }

    private static Cause? OfModel(SpecificationDifference d, string name) =>
        (d.Section, d.Leaf) switch
        {
            ("model", "assembly") => new(CauseKind.ModelCode, $"code of {name} (another build of its plugin)", null, null),
            ("model", _) => d.As(CauseKind.ModelOptions, $"{name}: {d.Rest}"),
            ("train" or "adversarial", _) => d.As(CauseKind.Training, $"{name}, training: {d.Rest}"),
            ("weights" or "weights-key", _) => new(CauseKind.Weights, $"weights file of {name}", null, null),
            ("device", _) => null, // The environment says it.
            ("training-version", _) => d.As(CauseKind.Host, "MerBench's way of training"),
            _ => OfEither(d),
        };

    private static Cause? OfCell(SpecificationDifference d, string perturbation) =>
        (d.Section, d.Leaf) switch
        {
            ("model" or "surrogates", _) => null, // Keys; their specifications are compared.
            ("perturbation", "assembly") => new(
                CauseKind.Perturbation,
                $"code of {perturbation} (another build of its plugin)",
                null,
                null
            ),
            ("perturbation" or "budget" or "severity" or "objective" or "domain" or "resynthesis" or "success" or "precision", _) => d.As(
                CauseKind.Perturbation,
                $"{perturbation}: {d.Rest}"
            ),
            ("metrics", "assembly") => new(CauseKind.Metric, "code of a metric (another build of its plugin)", null, null),
            ("metrics", _) => d.As(CauseKind.Metric, $"metrics: {d.Rest}"),
            ("cell-version", _) => d.As(CauseKind.Host, "MerBench's way of measuring"),
            _ => OfEither(d),
        };

    private static Cause OfEither(SpecificationDifference d) =>
        (d.Section, d.Leaf) switch
        {
            ("dataset", _) => new(CauseKind.Dataset, "dataset (other clips, ratings or options)", null, null),
            ("preparation", _) => d.As(CauseKind.Dataset, $"excerpts: {d.Rest}"),
            ("front-end", "assembly") => new(CauseKind.FrontEnd, "code of the front end (another build of its plugin)", null, null),
            ("front-end", _) => d.As(CauseKind.FrontEnd, $"front end: {d.Rest}"),
            ("contract", _) => d.As(CauseKind.Host, "plugin contract"),
            _ => d.As(CauseKind.Host, $"{d.Section} {d.Rest}".Trim()),
        };
}
