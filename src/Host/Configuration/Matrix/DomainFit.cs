using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>
/// Where perturbations live, and the models that they meet. A model of waveforms would take a spectrogram for sound; the other way about
/// the front end stands between the two.
/// </summary>
internal static class DomainFit
{
    /// <summary>What a model reads, as its options or its file say or it says itself once it is made, of its parts where it has some; null
    /// where none of them does. A model that runs code of others is not made: it may have to load that first.</summary>
    public static Domain? Ask(ModelDefinition model, IReadOnlyList<ModelDefinition> models)
    {
        if (Declared(model) is { } declared)
            return declared;
        if (model.Parts.Count == 0)
            return model.File?.Input ?? (model.Use.Plugin.RunsForeignCode ? null : AskInstance(model, []));
        return AskParts(model, models) is { } parts ? AskInstance(model, parts) : null;
    }

    /// <summary>What the parts of a model read, in the order of its options; null where that is not known of all.</summary>
    public static IReadOnlyList<(string Name, Domain Input)>? AskParts(ModelDefinition model, IReadOnlyList<ModelDefinition> models)
    {
        var parts = new List<(string, Domain)>();
        foreach (string name in model.Parts)
        {
            if (models.FirstOrDefault(m => m.Name == name) is not { } part || Ask(part, models) is not { } input)
                return null;
            parts.Add((name, input));
        }

        return parts;
    }

    // Null for one that cannot be made, which fails its cells.
    private static Domain? AskInstance(ModelDefinition model, IReadOnlyList<(string Name, Domain Input)> parts)
    {
        try
        {
            return CompositionTrial.AskInput(model, parts);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Attacks whose domain the file leaves open: of waveforms where a model that they meet reads those, so that a budget is the
    /// same for all models, and of features otherwise.</summary>
    public static IReadOnlyList<PerturbationDefinition> FollowModels(
        IReadOnlyList<PerturbationDefinition> perturbations,
        IReadOnlyList<ModelDefinition> models,
        IReadOnlyList<MatrixExclude> exclude
    )
    {
        ModelDefinition[] ofWaveforms = [.. models.Where(m => Ask(m, models) == Domain.Waveform)];
        return
        [
            .. perturbations.Select(p => p.FollowsModels && ofWaveforms.Any(m => Concerns(m, p)) ? p with { Domain = Domain.Waveform } : p),
        ];

        bool Concerns(ModelDefinition model, PerturbationDefinition perturbation) =>
            Crafts(model, perturbation) || !exclude.Any(e => e.Covers(model, perturbation));
    }

    /// <param name="input">What a model reads; null where that is not known.</param>
    public static IEnumerable<BenchmarkProblem> Complaints(BenchmarkDefinition definition, Func<ModelDefinition, Domain?> input)
    {
        ModelDefinition[] ofWaveforms = [.. definition.Models.Where(m => input(m) == Domain.Waveform)];
        foreach (PerturbationDefinition perturbation in definition.Perturbations.Where(p => p.Domain == Domain.Features))
        foreach (ModelDefinition model in ofWaveforms)
        {
            bool crafts = Crafts(model, perturbation);
            if (crafts || definition.Meet(model, perturbation))
                yield return new BenchmarkProblem(
                    perturbation.At,
                    $"'{perturbation.Name}' perturbs features, and model '{model.Name}'{(crafts ? ", on which it is crafted," : "")} reads "
                        + $"waveforms",
                    perturbation.IsCorruption
                        ? "leave the pair out under 'matrix: exclude'"
                        : "write 'domain: waveform', or leave the pair out under 'matrix: exclude'"
                );
        }
    }

    private static Domain? Declared(ModelDefinition model) =>
        model.Use.Options is { } options && options.GetType().GetProperty(nameof(IModel.Input))?.GetValue(options) is Domain domain
            ? domain
            : null;

    private static bool Crafts(ModelDefinition model, PerturbationDefinition perturbation) =>
        perturbation.Surrogates.Contains(model.Name, StringComparer.Ordinal);
}
