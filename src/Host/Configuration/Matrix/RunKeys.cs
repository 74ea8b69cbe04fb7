using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.IO;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>The content keys of one run: those of <see cref="ContentKeys"/> with what all its cells have in common filled in.</summary>
internal sealed class RunKeys(BenchmarkDefinition definition, string datasetFingerprint, Preparation preparation, string deviceType)
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
        return _models[(model.Name, seed)] = Remember(
            ContentKeys.OfModel(model, definition.FrontEnd, datasetFingerprint, preparation, seed, deviceType)
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
                    definition.Precision
                )
            );

    /// <summary>Identifies a front end's code and options, for cached features.</summary>
    public static string FrontEnd(BenchmarkDefinition definition) =>
        $"{FileHash.Compute(definition.FrontEnd.Plugin.AssemblyPath)} {definition.FrontEnd.OptionsJson}";

    private string Remember(Specification specification)
    {
        _specifications[specification.Key] = specification;
        return specification.Key;
    }
}
