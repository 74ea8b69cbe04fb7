using System.Text.Json;
using MerBench.Host.Checks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>Gathers a run's outcomes into its results.</summary>
internal static class RunSummary
{
    public static RunResults Create(
        RunSession session,
        RunEnvironment environment,
        IReadOnlyList<CellOutcome> outcomes,
        ILookup<int, Doubt> doubts,
        IReadOnlyList<ConditionLogs> conditions
    ) =>
        new(
            Schema: 1,
            session.Plan.Definition.Name,
            environment,
            new DatasetSummary(
                session.Plan.Definition.Dataset.Plugin.Id,
                session.Data.Fingerprint,
                session.Data.Clips(Split.Train).Count,
                session.Data.Clips(Split.Validation).Count,
                session.Data.Clips(Split.Test).Count,
                session.Data.Emotions.Names,
                session.Data.Concepts?.Names ?? [],
                session.Data.Emotions.Minimum,
                session.Data.Emotions.Maximum,
                session.Data.Emotions.Source
            )
            {
                FeatureMean = session.Data.Mean,
                FeatureStandardDeviation = session.Data.StandardDeviation,
            },
            [
                .. outcomes
                    .GroupBy(o => (o.Cell.Model.Name, o.Cell.Seed))
                    .Select(group => new ModelSummary(
                        group.Key.Name,
                        group.First().Cell.Model.Use.Plugin.Id,
                        group.Key.Seed,
                        ReadTraining(session.Store, group.Select(o => o.Result?.ModelKey).FirstOrDefault(k => k is not null))
                    )),
            ],
            [.. outcomes.Select(o => CellSummary.From(o, doubts[o.Cell.Index]))],
            RobustnessRow.Summarise(outcomes),
            session.Plan.Definition.Success.Describe(session.Data.Emotions),
            MinimumNorm.Of(outcomes),
            [.. conditions.Select(ConditionStatistics.Of)]
        )
        {
            Specifications = session.Keys.Specifications.ToDictionary(
                s => s.Key,
                s => JsonSerializer.Deserialize<JsonElement>(s.Value.Json.Span),
                StringComparer.Ordinal
            ),
            Sources = PluginSource.Of(session.Plan.Definition.Uses),
            About = session.Plan.Definition.About,
            ThreatModel = session.Plan.Definition.ThreatModel,
            HigherIsBetter = [.. session.Plan.Definition.Metrics.Where(m => m.Create<IMetric>().HigherIsBetter).Select(m => m.Plugin.Id)],
            Metrics = new MetricDescriptions(session.Plan.Definition.Metrics.Select(m => m.Plugin)),
        };

    private static TrainedModel? ReadTraining(ResultStore store, string? key) =>
        key is not null && store.FindModel(key) is { } folder
            ? JsonSerializer.Deserialize<TrainedModel>(File.ReadAllBytes(Path.Combine(folder, "training.json")), ResultJson.Options)
            : null;
}
