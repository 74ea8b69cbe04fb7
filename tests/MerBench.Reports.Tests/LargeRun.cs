using System.Globalization;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Statistics;
using MerBench.Host.Training;

namespace MerBench.Tests;

/// <summary>The results folder of a run with made-up numbers, of the size and shape of a large one.</summary>
internal static class LargeRun
{
    private const int Epochs = 199,
        Strengths = 5;

    private static readonly string[] Emotions = ["valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender"],
        Concepts = ["melodiousness", "dissonance", "minorness"],
        Metrics = ["mae", "rmse", "pearson", "ccc", "r2"];

    /// <summary>Writes models x perturbations x 5 strengths x seeds cells of so many clips.</summary>
    public static RunFolder Write(string folder, int models, int perturbations, int seeds, int clips)
    {
        Directory.CreateDirectory(folder);
        CellSummary[] cells =
        [
            .. from m in Enumerable.Range(1, models)
            from p in Enumerable.Range(1, perturbations)
            from strength in Enumerable.Range(1, Strengths)
            from seed in Enumerable.Range(1, seeds)
            select Cell(m, p, strength, seed),
        ];
        var conditions = cells.GroupBy(c => (c.Perturbation, c.Strength)).ToList();
        var results = new RunResults
        {
            Schema = 1,
            Benchmark = "large",
            Environment = new RunEnvironment
            {
                MerBench = "0.1.0",
                Contract = "1.2",
                LibTorch = "2.10.0",
                Device = "cpu",
                Threads = 2,
                Runtime = ".NET",
                OperatingSystem = "Linux",
                Started = DateTimeOffset.UnixEpoch,
                Seconds = 1e5,
                Plugins = new Dictionary<string, string> { ["attack/pgd"] = new('0', 64) },
            },
            Dataset = new DatasetSummary
            {
                Id = "made-up",
                Fingerprint = new string('0', 64),
                Train = 2880,
                Validation = 360,
                Test = clips,
                Emotions = Emotions,
                Concepts = Concepts,
                Minimum = 0,
                Maximum = 1,
                Scale = "made up",
            },
            Models =
            [
                .. from m in Enumerable.Range(1, models)
                from seed in Enumerable.Range(1, seeds)
                select new ModelSummary($"model-{m}", "vgg", seed, Training(m, seed)),
            ],
            Cells = cells,
            Summary =
            [
                .. cells
                    .GroupBy(c => (c.Model, c.Perturbation, c.Strength))
                    .Select(g => new RobustnessRow
                    {
                        Model = g.Key.Model,
                        Perturbation = g.Key.Perturbation,
                        Strength = g.Key.Strength,
                        LabelPreserving = true,
                        Seeds = seeds,
                        Failed = 0,
                        Metrics = Metrics.ToDictionary(m => m, _ => new SeedSummary(0.1, 0.2, 0.1, 0.01)),
                        ClippedMetrics = Metrics.ToDictionary(m => m, _ => new SeedSummary(0.1, 0.2, 0.1, 0.01)),
                        OutOfRange = 0.1,
                        MedianSnrDb = 30,
                        MedianMelInversionSnrDb = null,
                        SuccessRate = 0.5,
                    }),
            ],
            SuccessTolerance = "0.1",
            MinimumNorms =
            [
                .. from m in Enumerable.Range(1, models)
                from p in Enumerable.Range(1, perturbations)
                select new MinimumNorm($"model-{m}", $"attack-{p}", "linf", 0.9, 0.03),
            ],
            Statistics = [.. conditions.Select(c => Statistics(c.Key.Perturbation, c.Key.Strength, models, seeds, clips))],
        };
        results.Write(Path.Combine(folder, RunFolder.ResultsFile));
        IReadOnlyDictionary<string, string> provenance = Provenance.Describe(results);
        AtomicFile.Write(Path.Combine(folder, RunTables.Cells), CellTable.Create(results, provenance));
        AtomicFile.Write(Path.Combine(folder, RunTables.Metrics), MetricRows.Create(results, provenance));
        AtomicFile.Write(Path.Combine(folder, RunTables.Training), TrainingTable.Create(results, provenance));
        WriteClips(Path.Combine(folder, RunTables.Clips), models, perturbations, seeds, clips);
        return RunFolder.Open(folder);
    }

    private static CellSummary Cell(int model, int perturbation, int strength, int seed)
    {
        double harm = 0.01 * strength * (1 + (model % 4));
        var labels = Emotions.ToDictionary(e => e, _ => new MetricValue(0.1, 0.1 + harm, harm));
        var metrics = Metrics.ToDictionary(m => m, _ => new MetricResult(labels));
        string name = Strength(strength);
        var result = new CellResult
        {
            Key = new string('a', 64),
            ModelKey = new string('b', 64),
            Metrics = metrics,
            ClippedMetrics = metrics,
            OutOfRange = new MetricValue(0, 0.1, 0.1),
            Size = new PerturbationSize(0.01, 0.01, 1, 2, 30),
            ForwardCalls = 36_000,
            GradientCalls = 36_000,
            Seconds = 12,
            ConceptShift = model % 2 == 0 ? harm : null,
            EmotionShift = harm,
        };
        Doubt[] doubts = model == 1 && strength == 5 ? [new Doubt("stuck", "The objective did not rise in half of the clips.")] : [];
        return new CellSummary
        {
            Name = $"model-{model} / attack-{perturbation} / {name} / seed {seed}",
            Model = $"model-{model}",
            Perturbation = $"attack-{perturbation}",
            Strength = name,
            Use = "pgd",
            Options = "{}",
            LabelPreserving = true,
            Domain = "features",
            Objective = "mse",
            CraftedOn = [],
            Norm = "linf",
            Size = 0.01 * strength,
            Severity = null,
            Seed = seed,
            FromStore = false,
            Failure = null,
            Believable = doubts.Length > 0 ? Believable.Doubtful : Believable.Yes,
            Doubts = doubts,
            Result = result,
        };
    }

    private static string Strength(int strength) => string.Create(CultureInfo.InvariantCulture, $"linf {0.01 * strength}");

    private static TrainedModel Training(int model, int seed) =>
        new(
            new string('b', 64),
            "trained",
            new TrainingOutcome(
                Epochs,
                Epochs,
                [.. Enumerable.Range(1, Epochs).Select(e => new EpochRow(e, 1.0 / e, 1.1 / e, 1 - (1.0 / (e + seed)), 2))],
                TimeSpan.FromSeconds(100 * model),
                100_000,
                90_000,
                false
            )
            {
                ForwardFlops = 1e9 * model,
            }
        );

    private static ConditionStatistics Statistics(string perturbation, string strength, int models, int seeds, int clips)
    {
        string[] names = [.. Enumerable.Range(1, models).Select(m => $"model-{m}")];
        var interval = new Interval(0.1, 0.2);
        var test = new TTest(0.01, 0.005, 2, 9, 0.05);
        return new ConditionStatistics(
            perturbation,
            strength,
            true,
            seeds,
            [.. names.Select(n => new HarmOverSeeds(n, seeds, Spread.Compute([0.1, 0.2])))],
            [
                .. from measure in new[] { "MAE before", "MAE after", "harm" }
                from n in names
                select new SystemMean(measure, n, seeds, clips, 0.15, interval),
            ],
            [
                .. from i in Enumerable.Range(0, models)
                from j in Enumerable.Range(i + 1, models - i - 1)
                select new SystemComparison
                {
                    Measure = "harm",
                    First = names[i],
                    Second = names[j],
                    Seeds = seeds,
                    Clips = clips,
                    Difference = 0.01,
                    Bootstrap = interval,
                    Test = test,
                    CorrectedP = 0.1,
                    OverClips = WilcoxonTest.Compute([0.1, 0.2, -0.1]),
                    Effect = EffectSize.Compute([0.1, 0.2, -0.1]),
                    Margin = 0.02,
                    EquivalenceP = 0.5,
                },
            ]
        );
    }

    private static void WriteClips(string path, int models, int perturbations, int seeds, int clips)
    {
        // Numbers that look random, and grow with the strength.
        string Noise(string of) => $"(hash({of}) % 10000)::FLOAT / 10000";
        string emotions = string.Join(
            ", ",
            Emotions.Select(
                (e, i) =>
                    $"""
                        ({Noise($"(clip, {i})")})::FLOAT AS "rating.{e}",
                        ("rating.{e}" + 0.2 * ({Noise($"(clip, seed, model, {i})")} - 0.5))::FLOAT AS "clean.{e}",
                        ("clean.{e}" + 0.1 * s * ({Noise($"(clip, seed, model, perturbation, s, {i})")} - 0.3))::FLOAT AS "perturbed.{e}"
                        """
            )
        );
        using var database = new DuckDb();
        database.Execute(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                COPY (
                    SELECT 'x' AS cell, 'model-' || m AS model, 'attack-' || p AS perturbation,
                        'linf ' || (s / 100.0)::VARCHAR AS strength, seed::INTEGER AS seed, 'clip-' || c AS clip,
                        {emotions}, 0.01 AS linf, 1.0 AS l2, 30.0 AS snr_db
                    FROM range(1, {models + 1}) AS a(m), range(1, {perturbations + 1}) AS b(p), range(1, {Strengths
                    + 1}) AS d(s), range(1, {seeds + 1}) AS e(seed), range(1, {clips + 1}) AS f(c))
                TO {DuckDb.Text(path)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {DuckDb.Struct([
                    KeyValuePair.Create("merbench.columns", "{}"),
                ])})
                """
            )
        );
    }
}
