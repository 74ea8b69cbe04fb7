using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.IO;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>The content keys of one run: those of <see cref="ContentKeys"/> with what is known of the run filled in.</summary>
/// <param name="heard">The dataset as a model hears it: fingerprint and preparation.</param>
/// <param name="heardElsewhere">Fingerprint of another dataset, by its name, as a model hears it.</param>
internal sealed class RunKeys(
    BenchmarkDefinition definition,
    Func<ModelDefinition, (string Fingerprint, Preparation Preparation)> heard,
    Func<ModelDefinition, string, string> heardElsewhere,
    string deviceType
)
{
    private readonly Dictionary<(string Model, int Seed), string> _models = [];
    private readonly Dictionary<int, string> _cells = [];
    private readonly Dictionary<string, Specification> _specifications = new(StringComparer.Ordinal);

    /// <summary>What each key that was asked for stands for.</summary>
    public IReadOnlyDictionary<string, Specification> Specifications => _specifications;

    public string Model(ModelDefinition model, int seed)
    {
        if (_models.TryGetValue((model.Name, seed), out string? known))
            return known;
        (string fingerprint, Preparation preparation) = heard(model);
        return _models[(model.Name, seed)] = Remember(
            ContentKeys.OfModel(
                model,
                definition.EarsOf(model).FrontEnd,
                fingerprint,
                preparation,
                seed,
                deviceType,
                [.. definition.PartsOf(model).Select(part => Model(part, seed))]
            )
        );
    }

    public string Cell(Cell cell) =>
        _cells.TryGetValue(cell.Index, out string? known)
            ? known
            : _cells[cell.Index] = Remember(
                ContentKeys.OfCell(
                    Model(cell.Model, cell.Seed),
                    cell,
                    definition.Metrics,
                    [.. cell.Perturbation.Surrogates.Select(name => Model(definition.Models.First(m => m.Name == name), cell.Seed))],
                    definition.Success,
                    definition.Precision,
                    cell.Perturbation.On is { } on ? heardElsewhere(cell.Model, on) : null
                )
            );

    /// <summary>Identifies a front end's code and options, for cached features.</summary>
    public static string FrontEnd(Ears ears) => $"{FileHash.Compute(ears.FrontEnd.Plugin.AssemblyPath)} {ears.FrontEnd.OptionsJson}";

    private string Remember(Specification specification)
    {
        _specifications[specification.Key] = specification;
        return specification.Key;
    }
}
