using System.Text.Json;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
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
    )
    {
        IReadOnlyList<AcrossRow> across = AcrossRow.Summarise(outcomes);
        return new RunResults
        {
            Schema = RunResults.CurrentSchema,
            Benchmark = session.Plan.Definition.Name,
            Environment = environment,
            Dataset = new DatasetSummary
            {
                Id = session.Plan.Definition.Dataset.Plugin.Id,
                Fingerprint = session.Data.Main.Fingerprint,
                Train = session.Data.Clips(Split.Train).Count,
                Validation = session.Data.Clips(Split.Validation).Count,
                Test = session.Data.Clips(Split.Test).Count,
                Emotions = session.Data.Emotions.Names,
                Concepts = session.Data.Concepts?.Names ?? [],
                Minimum = session.Data.Emotions.Minimum,
                Maximum = session.Data.Emotions.Maximum,
                Scale = session.Data.Emotions.Source,
                Remarks = session.Data.Remarks.Count > 0 ? session.Data.Remarks : null,
                FeatureMean = session.Data.Main.Mean,
                FeatureStandardDeviation = session.Data.Main.StandardDeviation,
            },
            EvaluatedOn =
            [
                .. session.Plan.Definition.EvaluateOn.Select(set =>
                {
                    PreparedData data = session.Elsewhere[set.Name];
                    return new EvaluationSummary(
                        set.Name,
                        set.Dataset.Plugin.Id,
                        data.Main.Fingerprint,
                        data.Clips(Split.Test).Count,
                        data.Emotions.Names,
                        data.LabelRemarks
                    );
                }),
            ],
            Models =
            [
                .. outcomes
                    .GroupBy(o => (o.Cell.Model.Name, o.Cell.Seed))
                    .Select(group => new ModelSummary(
                        group.Key.Name,
                        group.First().Cell.Model.Use.Plugin.Id,
                        group.Key.Seed,
                        group.Select(o => o.Result?.ModelKey).FirstOrDefault(k => k is not null) is { } key
                            ? session.Store.ReadTraining(key)
                            : null
                    )
                    {
                        Ears = DescribeEars(session, group.First().Cell.Model),
                    }),
            ],
            Cells = [.. outcomes.Select(o => CellSummary.From(o, doubts[o.Cell.Index]))],
            Summary = RobustnessRow.Summarise(outcomes),
            SuccessTolerance = session.Plan.Definition.Success.Describe(session.Data.Emotions),
            MinimumNorms = MinimumNorm.Summarise(outcomes),
            Certificates = CertifiedRow.Summarise(outcomes),
            Defences = DefenceRow.Summarise(outcomes),
            Across = across,
            BesideShift = FindError(session.Plan.Definition) is { } error ? RobustnessBesideShift.Summarise(across, error) : [],
            Statistics = [.. conditions.Select(ConditionStatistics.Compute)],
            Specifications = session.Keys.Specifications.ToDictionary(
                s => s.Key,
                s => JsonSerializer.Deserialize<JsonElement>(s.Value.Json.Span),
                StringComparer.Ordinal
            ),
            Sources = PluginSource.List(session.Plan.Definition.Uses),
            About = session.Plan.Definition.About,
            ThreatModel = session.Plan.Definition.ThreatModel,
            HigherIsBetter = [.. session.Plan.Definition.Metrics.Where(m => m.Create<IMetric>().HigherIsBetter).Select(m => m.Plugin.Id)],
            Metrics = new MetricDescriptions(session.Plan.Definition.Metrics.Select(m => m.Plugin)),
        };
    }

    private static string? FindError(BenchmarkDefinition definition) =>
        definition.Metrics.FirstOrDefault(m => !m.Create<IMetric>().HigherIsBetter)?.Plugin.Id;

    private static EarsSummary? DescribeEars(RunSession session, ModelDefinition model)
    {
        PreparedDataset heard = session.Data.For(model);
        return heard == session.Data.Main
            ? null
            : new EarsSummary(
                session.Plan.Definition.EarsOf(model).FrontEnd.Plugin.Id,
                heard.SampleRate,
                heard.Preparation.ExcerptSeconds,
                heard.Mean,
                heard.StandardDeviation
            );
    }
}
