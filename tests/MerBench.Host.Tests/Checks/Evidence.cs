using MerBench.Host.Checks;
using MerBench.Host.Checks.Cells;
using MerBench.Host.Checks.Models;
using MerBench.Host.Checks.Pairs;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

/// <summary>Small evidence with nothing to doubt, from which each test departs.</summary>
internal static class Evidence
{
    public static PluginDescriptor IterativeAttack { get; } = Plugin(PluginKind.Attack, "climb");

    public static CellEvidence HonestCell { get; } =
        new()
        {
            Attack = IterativeAttack,
            Objective = "mse",
            Direction = "+valence",
            Metrics = [MetricDescription.FromId("mae") with { Objectives = ["mse"] }],
            Budget = new Budget(Norm.Linf, 0.1),
            Elements = 100,
            Clean = [1, 2],
            Perturbed = [3, 4],
            Traces = [Climb(1, 3), Climb(2, 4)],
            Trials = new Trials(),
        };

    public static PredictionEvidence SteadyPredictions { get; } = new(Spread: 0, MovedState: null, ApartAlone: 0);

    public static GradientEvidence RightGradient { get; } =
        new(ClaimedSlope: 1, MeasuredSlope: 1, RespondsWithoutGradient: false, VanishedShare: 0);

    public static PluginDescriptor Plugin(PluginKind kind, string id) => new(kind, id, "", "", "", PluginState.Ready);

    public static ModelEvidence OfPredictions(PredictionEvidence predictions, double scale = 1) =>
        new() { Scale = scale, GatherPredictions = () => predictions };

    public static ModelEvidence OfGradient(GradientEvidence? gradient) => new() { Scale = 1, GatherGradient = () => gradient };

    /// <summary>Twenty calls that rise fast, with gradients as long as 1.</summary>
    public static ClipTrace Climb(float from, float to) => new([from, .. Enumerable.Repeat(to, 19)], [.. Enumerable.Repeat(1f, 20)]);

    /// <summary>A cell of an attack whose three clips gain the same.</summary>
    public static ComparedCell Compared(PluginDescriptor attack, double gain, double budget = 0.1, string options = "{}") =>
        new(Cell(attack, new Budget(Norm.Linf, budget), options), [gain, gain, gain]);

    public static Cell Cell(PluginDescriptor attack, Budget budget, string options = "{}")
    {
        var use = new PluginUse(attack, null, options, default);
        var perturbation = new PerturbationDefinition($"{attack.Id}-{options}", use, Domain.Features, "mse", [budget], [], default);
        var model = new ModelDefinition("m", new PluginUse(Plugin(PluginKind.Model, "m"), null, "{}", default), null, null, default);
        return new Cell(0, model, perturbation, budget, null, 1);
    }

    /// <summary>What clips come to when they are attacked once more; asking for what a test does not expect fails it.</summary>
    /// <summary>Of a finished cell, of which nothing is known but its share of predictions outside of the scale.</summary>
    public static CellResult Result(MetricValue? outOfRange = null) =>
        new()
        {
            Key = "key",
            ModelKey = "model",
            Metrics = new Dictionary<string, MetricResult>(StringComparer.Ordinal),
            ClippedMetrics = new Dictionary<string, MetricResult>(StringComparer.Ordinal),
            OutOfRange = outOfRange ?? new MetricValue(0, 0, 0),
            Size = new PerturbationSize(0.1, 0.1, 1, 1, null),
            ForwardCalls = 1,
            GradientCalls = 1,
            Seconds = 1,
        };

    internal sealed class Trials : IAttackTrials
    {
        public Func<Budget, TrialErrors> Within { get; init; } = _ => new TrialErrors(Clean: 0.1, Attacked: 0.9, OfMeanRating: 0.2);

        public IReadOnlyList<float>? InFp32 { get; init; }

        public TrialErrors AttackWithin(Budget budget) => Within(budget);

        public IReadOnlyList<float> AttackInFp32() => InFp32 ?? throw new InvalidOperationException("no trial in fp32 was expected");
    }
}
