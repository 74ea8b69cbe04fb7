using MerBench.Host.Results;

namespace MerBench.Host.Checks.Results;

/// <summary>A model that answers on another scale than that of the ratings is measured by the distance of the scales.</summary>
internal sealed class OffScaleCheck : IResultCheck
{
    private const double MostOutside = 0.5;

    private const string Advice =
        "errors then tell two scales apart, and nothing of music or robustness. Is it trained on ratings of 1 to 9, say? Rescale its "
        + "output: an exported model by 'emotions: { valence: { scale: [1, 9] } }'";

    public string Id => "off-scale";

    public CheckScope Scope => CheckScope.Predictions;

    public IEnumerable<Doubt> Examine(CellResult cell)
    {
        if (cell.OutOfRange?.Clean is > MostOutside and var share)
            yield return this.Doubt($"{share:0 %} of the predictions for clean clips lie outside of the rating scale; {Advice}");
    }
}
