using MerBench.Host.Results;

namespace MerBench.Host.Checks.Results;

/// <summary>A perturbation that moves a prediction farther than is proven possible: then proof, model or attack is wrong.</summary>
internal sealed class BeyondCertificateCheck : IResultCheck
{
    private const string Beyond =
        "outside of what is proven for perturbations of that size, and the run ends with exit code 1: the model does not compute what its "
        + "proof is about, or the proof is wrong";

    public string Id => "beyond-certificate";

    public CheckScope Scope => CheckScope.Predictions;

    public IEnumerable<Doubt> Examine(CellResult cell)
    {
        if (cell.Certified is { Violations: > 0 } certified)
            yield return this.Doubt($"{certified.Violations} of {certified.Clips} clips are predicted {Beyond}");
    }
}
