using System.Globalization;
using System.Text.Json;

namespace MerBench.Host.Snapshots;

/// <summary>What can have moved a metric.</summary>
public enum CauseKind { ModelCode, ModelOptions, Training, Weights, Perturbation, Dataset, FrontEnd, Metric, Device, Host }

/// <summary>Something that differs between what a snapshot and a run were made from.</summary>
/// <param name="What">In words.</param>
/// <param name="Accepted">How it was; null where it was not there, or is no text for people, such as a hash.</param>
/// <param name="Received">How it is.</param>
public sealed record Cause(CauseKind Kind, string What, string? Accepted, string? Received)
{
    public bool IsOfModel => Kind is CauseKind.ModelCode or CauseKind.ModelOptions or CauseKind.Training or CauseKind.Weights;

    public override string ToString() => Accepted is null && Received is null ? $"{What} changed" : $"{What}: {Accepted ?? "nothing"} -> {Received ?? "nothing"}";

    /// <summary>All differences between what two cells depend on: specifications first, then the environment.</summary>
    internal static IReadOnlyList<Cause> Between(Snapshot accepted, SnapshotCell before, Snapshot received, SnapshotCell now)
    {
        var found = new List<Cause>();
        foreach (string model in now.CraftedOn.Prepend(now.Model)) AddModel(model);
        found.AddRange(SpecificationDifference.Of(before.Specification, now.Specification).Select(d => OfCell(d, now.Perturbation)).OfType<Cause>());
        foreach ((string name, Func<SnapshotEnvironment, string> value) in Surroundings)
        {
            (string then, string here) = (value(accepted.Environment), value(received.Environment));
            if (then != here) found.Add(new Cause(name is "device" or "libtorch" or "threads" ? CauseKind.Device : CauseKind.Host, name, then, here));
        }

        return [.. found.Distinct()];

        void AddModel(string model)
        {
            if (accepted.Models.TryGetValue(Snapshot.ModelName(model, before.Seed), out JsonElement then) && received.Models.TryGetValue(Snapshot.ModelName(model, now.Seed), out JsonElement here))
                found.AddRange(SpecificationDifference.Of(then, here).Select(d => OfModel(d, model)).OfType<Cause>());
        }
    }

    private static readonly (string Name, Func<SnapshotEnvironment, string> Value)[] Surroundings =
    [
        ("device", e => e.Device),
        ("libtorch", e => e.LibTorch),
        ("threads", e => e.Threads.ToString(CultureInfo.InvariantCulture)),
        ("MerBench", e => e.MerBench),
        ("runtime", e => e.Runtime),
        ("operating system", e => e.OperatingSystem),
    ];

    private static Cause? OfModel(SpecificationDifference d, string name) => (d.Section, d.Leaf) switch
    {
        ("model", "assembly") => new(CauseKind.ModelCode, $"code of {name} (another build of its plugin)", null, null),
        ("model", _) => d.As(CauseKind.ModelOptions, $"{name}: {d.Rest}"),
        ("train" or "adversarial", _) => d.As(CauseKind.Training, $"{name}, training: {d.Rest}"),
        ("weights", _) => new(CauseKind.Weights, $"weights file of {name}", null, null),
        ("device", _) => null, // The environment says it.
        ("training-version", _) => d.As(CauseKind.Host, "MerBench's way of training"),
        _ => OfEither(d),
    };

    private static Cause? OfCell(SpecificationDifference d, string perturbation) => (d.Section, d.Leaf) switch
    {
        ("model" or "surrogates", _) => null, // Keys; their specifications are compared.
        ("perturbation", "assembly") => new(CauseKind.Perturbation, $"code of {perturbation} (another build of its plugin)", null, null),
        ("perturbation" or "budget" or "severity" or "objective" or "domain" or "resynthesis" or "success" or "precision", _) => d.As(CauseKind.Perturbation, $"{perturbation}: {d.Rest}"),
        ("metrics", "assembly") => new(CauseKind.Metric, "code of a metric (another build of its plugin)", null, null),
        ("metrics", _) => d.As(CauseKind.Metric, $"metrics: {d.Rest}"),
        ("cell-version", _) => d.As(CauseKind.Host, "MerBench's way of measuring"),
        _ => OfEither(d),
    };

    private static Cause OfEither(SpecificationDifference d) => (d.Section, d.Leaf) switch
    {
        ("dataset", _) => new(CauseKind.Dataset, "dataset (other clips, ratings or options)", null, null),
        ("preparation", _) => d.As(CauseKind.Dataset, $"excerpts: {d.Rest}"),
        ("front-end", "assembly") => new(CauseKind.FrontEnd, "code of the front end (another build of its plugin)", null, null),
        ("front-end", _) => d.As(CauseKind.FrontEnd, $"front end: {d.Rest}"),
        ("contract", _) => d.As(CauseKind.Host, "plugin contract"),
        _ => d.As(CauseKind.Host, $"{d.Section} {d.Rest}".Trim()),
    };
}
