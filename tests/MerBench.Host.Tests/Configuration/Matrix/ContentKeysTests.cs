using CsCheck;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Plugins;
using MerBench.Host.Tests.Benchmarks;

namespace MerBench.Host.Tests.Matrix;

public sealed class ContentKeysTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(_folder, "plugins.dll"), "one build");
        File.WriteAllText(Path.Combine(_folder, "other.dll"), "another build");
        File.WriteAllText(Path.Combine(_folder, "w.pt"), "weights");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    /// <summary>Everything that can stand in a file or around it; one cell of the outcome is looked at.</summary>
    private sealed record Setting
    {
        public string ModelName { get; init; } = "m";
        public string PerturbationName { get; init; } = "p";
        public int Batch { get; init; } = 16;
        public int TimeoutMinutes { get; init; } = 60;
        public string Benchmark { get; init; } = "b";
        public string OtherModel { get; init; } = "";
        public string OtherPerturbation { get; init; } = "";
        public string Exclude { get; init; } = "";
        public string Metrics { get; init; } = "[mae, r2]";
        public string Tolerance { get; init; } = "0.1";
        public string OtherSeeds { get; init; } = "";
        public string Model { get; init; } = "use: vgg, with: { width: 1 }, train: { epochs: 3 }";
        public string FrontEnd { get; init; } = "mel";
        public string Perturbation { get; init; } =
            "use: pgd, with: { steps: 5 }, budgets: { linf: [0.1] }, objective: mse, domain: features";
        public int Seed { get; init; } = 6;
        public string Fingerprint { get; init; } = "f";
        public Preparation Preparation { get; init; } = new();
        public string Device { get; init; } = "cpu";
        public string Asked { get; init; } = "auto";
        public string Assembly { get; init; } = "plugins.dll";
    }

    private (string Model, string Cell) Keys(Setting s)
    {
        string yaml = $$"""
            name: {{s.Benchmark}}
            device: {{s.Asked}}
            dataset: cues
            front-end: {{s.FrontEnd}}
            models: { {{s.OtherModel}} {{s.ModelName}}: { {{s.Model}} } }
            perturbations: { {{s.OtherPerturbation}} {{s.PerturbationName}}: { {{s.Perturbation}} } }
            seeds: [{{s.OtherSeeds}} {{s.Seed}}]
            metrics: {{s.Metrics}}
            matrix: { exclude: [{{s.Exclude}}] }
            evaluation: { batch: {{s.Batch}}, cell-timeout: {{s.TimeoutMinutes}}m }
            snapshot: { tolerance: { default: { absolute: {{s.Tolerance}} } } }
            """;
        PluginCatalog catalog = Fixtures.Make(Path.Combine(_folder, s.Assembly));
        BenchmarkDefinition d = BenchmarkReader.Parse(yaml, Path.Combine(_folder, "b.yaml"), catalog).DefinitionOrThrow();
        Cell cell = MatrixExpansion
            .Expand(d)
            .Single(c => c.Model.Name == s.ModelName && c.Perturbation.Name == s.PerturbationName && c.Seed == s.Seed);
        string model = ContentKeys.OfModel(cell.Model, d.FrontEnd, s.Fingerprint, d.Excerpt.Apply(s.Preparation), cell.Seed, s.Device).Key;
        return (
            model,
            ContentKeys
                .OfCell(model, cell, d.Metrics, [.. cell.Perturbation.Surrogates.Select(name => $"key of {name}")], d.Success, d.Precision)
                .Key
        );
    }

    private static readonly Gen<string> GenName = Gen.Char["abcdefgh"].Array[1, 8].Select(c => "n" + new string(c));

    [Test]
    public void Keys_do_not_depend_on_names_order_excludes_batches_timeouts_and_tolerances()
    {
        (string, string) expected = Keys(new Setting());
        Gen.Select(GenName, GenName, GenName, Gen.Int[1, 99], Gen.Int[1, 999], Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool))
            .Sample(
                (benchmark, model, perturbation, batch, timeout, flags) =>
                {
                    var setting = new Setting
                    {
                        Benchmark = benchmark,
                        ModelName = model,
                        PerturbationName = perturbation,
                        Batch = batch,
                        TimeoutMinutes = timeout,
                        Tolerance = $"0.{batch}",
                        Asked = flags.Item1 ? "[cuda:0, cuda:1]" : "cpu",
                        OtherModel = flags.Item1 ? "other: ridge," : "",
                        OtherPerturbation = flags.Item2 ? "other: codec-noise," : "",
                        Exclude = flags.Item1 ? "{ model: other }" : "",
                        OtherSeeds = flags.Item3 ? "77," : "",
                        Metrics = flags.Item4 ? "[r2, mae]" : "[mae, { use: r2 }]",
                    };
                    setting = setting with
                    {
                        OtherPerturbation = setting.OtherPerturbation.Replace("codec-noise", "noise", StringComparison.Ordinal),
                    };
                    Assert.That(Keys(setting), Is.EqualTo(expected));
                },
                iter: 100,
                threads: 1
            );
    }

    // Each changes one thing; the first group changes models and so cells, the second only cells.
    private static readonly Func<Setting, Setting>[] ModelChanges =
    [
        s => s with { Model = s.Model.Replace("width: 1", "width: 2", StringComparison.Ordinal) },
        s => s with { Model = s.Model.Replace("epochs: 3", "epochs: 4", StringComparison.Ordinal) },
        s => s with { Model = "use: vgg, weights: w.pt" },
        s => s with { Model = "use: ridge" },
        s => s with { FrontEnd = "madmom-log" },
        s => s with { Seed = 7 },
        s => s with { Fingerprint = "g" },
        s => s with { Preparation = s.Preparation with { ExcerptSeconds = 5 } },
        s => s with { Preparation = s.Preparation with { Placement = ExcerptPlacement.Middle } },
        s => s with { Preparation = s.Preparation with { StandardiseOnAllClips = true } },
        s => s with { Preparation = s.Preparation with { StandardiseFrom = StandardisationSource.Recordings } },
        s => s with { Preparation = s.Preparation with { MinimumSeconds = 1 } },
        s => s with { Device = "cuda" },
        s => s with { Assembly = "other.dll" },
    ];

    private static readonly Func<Setting, Setting>[] CellChanges =
    [
        s => s with { Metrics = "[mae]" },
        s => s with { Metrics = "[mae, ccc]" },
        s => s with { Perturbation = s.Perturbation.Replace("steps: 5", "steps: 6", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("use: pgd", "use: adam-sign", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("linf", "l2", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("linf", "snr", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("[0.1]", "[0.2]", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("budgets: { linf: [0.1] }, ", "", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("mse", "mae", StringComparison.Ordinal) },
        s => s with { Perturbation = s.Perturbation.Replace("features", "waveform", StringComparison.Ordinal) },
        s => s with { Perturbation = "use: noise, severities: [1]" },
        s => s with { Perturbation = "use: noise, severities: [2]" },
        s => s with { Perturbation = "use: pgd, with: { steps: 5 }, budgets: { masking-excess: [3] }, objective: mse, domain: waveform" },
        s => s with { Perturbation = "use: pgd, with: { steps: 5 }, budgets: { masking-excess: [6] }, objective: mse, domain: waveform" },
    ];

    [Test]
    public void Keys_depend_on_everything_else()
    {
        (string Model, string Cell) original = Keys(new Setting());
        var models = ModelChanges.Select(change => Keys(change(new Setting()))).ToList();
        var cells = CellChanges.Select(change => Keys(change(new Setting()))).ToList();
        Assert.That(models.Select(k => k.Model).Append(original.Model), Is.Unique);
        Assert.That(cells.Select(k => k.Model), Is.All.EqualTo(original.Model));
        Assert.That(models.Concat(cells).Select(k => k.Cell).Append(original.Cell), Is.Unique);
        Assert.That(original.Cell, Does.Match("^[0-9a-f]{64}$"));
    }

    [Test]
    public void Different_combinations_of_changes_never_share_a_key()
    {
        Func<Setting, Setting>[] all =
        [
            .. ModelChanges.Where((_, i) => i is not 2 and not 3),
            .. CellChanges.Where((_, i) => i is 1 or 2 or 4 or 6 or 8 or 9),
        ];
        Gen<bool[]> subset = Gen.Bool.Array[all.Length];
        Gen.Select(subset, subset)
            .Where(pair => !pair.Item1.SequenceEqual(pair.Item2))
            .Sample(
                (a, b) =>
                {
                    Setting Apply(bool[] chosen) => all.Where((_, i) => chosen[i]).Aggregate(new Setting(), (s, change) => change(s));
                    Assert.That(Keys(Apply(a)).Cell, Is.Not.EqualTo(Keys(Apply(b)).Cell));
                },
                iter: 100,
                threads: 1
            );
    }

    [Test]
    public void Changed_weights_or_a_rebuilt_plugin_change_keys_although_their_paths_stay()
    {
        var setting = new Setting { Model = "use: vgg, weights: w.pt" };
        (string Model, string) first = Keys(setting);
        File.WriteAllText(Path.Combine(_folder, "w.pt"), "other weights");
        (string Model, string) second = Keys(setting);
        File.WriteAllText(Path.Combine(_folder, "plugins.dll"), "a second build");
        Assert.That(new[] { first.Model, second.Model, Keys(setting).Model }, Is.Unique);
    }
}
