using MerBench.Host.Results;

namespace MerBench.Host.Checks.Models;

/// <summary>A check of a model in one domain, on a few clips.</summary>
internal interface IModelCheck : ICheck
{
    /// <summary>Checks after whose doubt this one would say nothing of its own, and is not asked.</summary>
    IReadOnlyList<IModelCheck> Presumes => [];

    IEnumerable<Doubt> Examine(ModelEvidence model);
}
