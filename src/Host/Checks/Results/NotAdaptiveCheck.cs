using MerBench.Host.Results;

namespace MerBench.Host.Checks.Results;

/// <summary>Who attacks a defended model as if it were not defended shows what the defence does to others' attacks, and not that it
/// holds.</summary>
internal sealed class NotAdaptiveCheck : IResultCheck
{
    // Of the harm that is found without adaptation; few clips are compared.
    private const double LeastShare = 0.9;

    private const string Advice = "attack the defended model itself, with 'adaptive: true'";
    private const string Misled = "gradients through it mislead; give it more steps, or attack by queries";

    public string Id => "not-adaptive";

    public CheckScope Scope => CheckScope.Search;

    public IEnumerable<Doubt> Examine(CellResult cell)
    {
        if (cell.Adaptation is not { } adaptation)
            yield break;
        double adapted = adaptation.Adapted - adaptation.Clean,
            unadapted = adaptation.Unadapted - adaptation.Clean;
        if (!adaptation.IsAdaptive)
            yield return this.Doubt($"it never asked through the defence of '{adaptation.Undefended}', as if there were none: {Advice}");
        else if (unadapted > 0 && adapted < LeastShare * unadapted)
            yield return this.Doubt(
                $"it raises the error by {adapted:0.000}, and by {unadapted:0.000} crafted without the defence: {Misled}"
            );
    }
}
