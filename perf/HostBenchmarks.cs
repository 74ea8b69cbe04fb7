using BenchmarkDotNet.Attributes;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Perf;

/// <summary>What the host adds to the work of its plugins: reading a large benchmark, expanding its matrix, naming its cells, asking the
/// store for them.</summary>
public class HostBenchmarks
{
    private const int Models = 10,
        Perturbations = 20,
        Budgets = 10,
        Seeds = 50;

    private string _folder = "",
        _file = "";
    private RunPlan _plan = null!;
    private ResultStore _store = null!;

    [GlobalSetup]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory("merbench-perf-").FullName;
        string file = Path.Combine(_folder, "large.yaml");
        string budgets = string.Join(", ", Enumerable.Range(1, Budgets).Select(b => FormattableString.Invariant($"{b * 0.001}")));
        File.WriteAllText(
            file,
            $$"""
            dataset: cues
            models: { {{string.Join(
                ", ",
                Enumerable.Range(0, Models).Select(i =>
                    FormattableString.Invariant($"m{i}: {{ use: vgg, with: {{ width: {(i + 1) * 0.1} }} }}")
                )
            )}} }
            perturbations: { {{string.Join(
                ", ",
                Enumerable.Range(0, Perturbations).Select(i =>
                    FormattableString.Invariant($"p{i}: {{ use: pgd, with: {{ steps: {i + 1} }}, budgets: {{ linf: [{budgets}] }} }}")
                )
            )}} }
            seeds: [{{string.Join(", ", Enumerable.Range(1, Seeds))}}]
            """
        );
        _file = file;
        _plan = ReadAndExpand();
        _store = new ResultStore(Path.Combine(_folder, "store"));
        foreach (string key in Keys())
        {
            // A finished cell as the store knows it; what is in it is read when a run asks for it.
            string place = Path.Combine(_folder, "store", "cells", key[..2], key);
            Directory.CreateDirectory(place);
            File.WriteAllBytes(Path.Combine(place, "cell.json"), []);
        }
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Description = "read and expand 100 000 cells")]
    public RunPlan ReadAndExpand()
    {
        PluginCatalog catalog = PluginDiscovery.Discover(new PluginFolders(null, Plugins, null, null));
        BenchmarkDefinition definition = BenchmarkReader.Read(_file, catalog).DefinitionOrThrow();
        return new RunPlan(definition, MatrixExpansion.Expand(definition));
    }

    [Benchmark(Description = "name 100 000 cells, and find them finished")]
    public int Resume() => Keys().Count(key => _store.FindCell(key) is not null);

    private List<string> Keys()
    {
        var models = new Dictionary<(string, int), string>();
        return
        [
            .. _plan.Cells.Select(cell =>
            {
                if (!models.TryGetValue((cell.Model.Name, cell.Seed), out string? model))
                    models[(cell.Model.Name, cell.Seed)] = model = ContentKeys
                        .OfModel(cell.Model, _plan.Definition.FrontEnd, "fingerprint", new Preparation(), cell.Seed, "cpu")
                        .Key;
                return ContentKeys
                    .OfCell(model, cell, _plan.Definition.Metrics, [], _plan.Definition.Success, _plan.Definition.Precision)
                    .Key;
            }),
        ];
    }

    internal static string[] Plugins =>
        [
            .. new[]
            {
                "MerBench.Models.Vgg",
                "MerBench.Models.Baselines",
                "MerBench.Attacks.Gradient",
                "MerBench.FrontEnds.Madmom",
                "MerBench.Metrics",
                "MerBench.Datasets.Cues",
            }.Select(name => Path.Combine(AppContext.BaseDirectory, "plugins", name, name + ".dll")),
        ];
}
