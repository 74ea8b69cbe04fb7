using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>
/// Finds perturbations of features that meet models which read waveforms: such a model would take a spectrogram for sound. The other way
/// about the front end stands between the two.
/// </summary>
internal static class DomainFit
{
    /// <summary>What a model says by an option <c>input</c>, before anybody makes it; null where only the model itself knows.</summary>
    public static Domain? Declared(ModelDefinition model) =>
        model.Use.Options is { } options && options.GetType().GetProperty(nameof(IModel.Input))?.GetValue(options) is Domain domain
            ? domain
            : null;

    /// <param name="input">What a model reads; null where that is not known.</param>
    public static IEnumerable<BenchmarkProblem> Complaints(BenchmarkDefinition definition, Func<ModelDefinition, Domain?> input)
    {
        ModelDefinition[] ofWaveforms = [.. definition.Models.Where(m => input(m) == Domain.Waveform)];
        foreach (PerturbationDefinition perturbation in definition.Perturbations.Where(p => p.Domain == Domain.Features))
        foreach (ModelDefinition model in ofWaveforms)
        {
            bool crafts = perturbation.Surrogates.Contains(model.Name, StringComparer.Ordinal);
            if (crafts || !IsExcluded(definition, model, perturbation))
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

    private static bool IsExcluded(BenchmarkDefinition definition, ModelDefinition model, PerturbationDefinition perturbation) =>
        definition.Exclude.Any(e =>
            e.Seed is null && (e.Model is null || e.Model == model.Name) && (e.Perturbation is null || e.Perturbation == perturbation.Name)
        );
}
