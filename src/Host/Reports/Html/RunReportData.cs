using MerBench.Host.Queries;
using MerBench.Host.Results;

namespace MerBench.Host.Reports.Html;

/// <summary>What the sections of a run's report read.</summary>
/// <param name="Database">The run's tables alone, without those of other runs.</param>
internal sealed record RunReportData(RunResults Results, RunDatabase Database)
{
    /// <summary>Each model under each perturbation of each strength, in MAE: means over emotions, and each emotion.</summary>
    public PageData Conditions { get; } = ConditionData.Of(Results, Database);

    /// <summary>Whether predictions of clips were kept; without a finished cell there are none.</summary>
    public bool HasClips => Database.Describe().Any(c => c.Table == "clips");
}
