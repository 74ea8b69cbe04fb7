using System.Text.Json;
using MerBench.Host.Bibliography;
using MerBench.Host.Checks;
using MerBench.Host.Data;
using MerBench.Host.Execution;

namespace MerBench.Host.Results;

/// <summary>Gathers a run's outcomes into its results.</summary>
internal static class RunSummary
{
    public static RunResults Create(
        RunPlan plan,
        PreparedDataset data,
        RunEnvironment environment,
        IReadOnlyList<CellOutcome> outcomes,
        ILookup<int, Doubt> doubts,
        IReadOnlyList<ConditionLogs> conditions,
        ResultStore store,
        RunKeys keys
    ) =>
        new(
            Schema: 1,
            plan.Definition.Name,
            environment,
            new DatasetSummary(
                plan.Definition.Dataset.Plugin.Id,
                data.Fingerprint,
                data.Clips(Split.Train).Count,
                data.Clips(Split.Validation).Count,
                data.Clips(Split.Test).Count,
                data.Emotions.Names,
                data.Concepts?.Names ?? [],
                data.Emotions.Minimum,
                data.Emotions.Maximum,
                data.Emotions.Source
            )
            {
                FeatureMean = data.Mean,
                FeatureStandardDeviation = data.StandardDeviation,
            },
            [
                .. outcomes
                    .GroupBy(o => (o.Cell.Model.Name, o.Cell.Seed))
                    .Select(group => new ModelSummary(
                        group.Key.Name,
                        group.First().Cell.Model.Use.Plugin.Id,
                        group.Key.Seed,
                        ReadTraining(store, group.Select(o => o.Result?.ModelKey).FirstOrDefault(k => k is not null))
                    )),
            ],
            [.. outcomes.Select(o => CellSummary.From(o, doubts[o.Cell.Index]))],
            RobustnessRow.Summarise(outcomes),
            plan.Definition.Success.Describe(data.Emotions),
            MinimumNorm.Of(outcomes),
            [.. conditions.Select(ConditionStatistics.Of)]
        )
        {
            Specifications = keys.Specifications.ToDictionary(
                s => s.Key,
                s => JsonSerializer.Deserialize<JsonElement>(s.Value.Json.Span),
                StringComparer.Ordinal
            ),
            Sources = PluginSource.Of(plan.Definition.Uses),
            About = plan.Definition.About,
            ThreatModel = plan.Definition.ThreatModel,
            HigherIsBetter = [.. plan.Definition.Metrics.Where(m => m.Create<IMetric>().HigherIsBetter).Select(m => m.Plugin.Id)],
        };

    private static TrainedModel? ReadTraining(ResultStore store, string? key) =>
        key is not null && store.FindModel(key) is { } folder
            ? JsonSerializer.Deserialize<TrainedModel>(File.ReadAllBytes(Path.Combine(folder, "training.json")), ResultJson.Options)
            : null;
}
