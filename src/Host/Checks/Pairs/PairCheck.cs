using MerBench.Host.Results;

namespace MerBench.Host.Checks.Pairs;

/// <summary>
/// Who knows more, tries more often or may change more must not do less harm, a clip; where it is otherwise, the cell that should have
/// been the stronger one is doubtful (Athalye, Carlini and Wagner 2018, arXiv 1802.00420, section 3.1).
/// </summary>
internal abstract class PairCheck : ICheck
{
    public abstract string Id { get; }

    public CheckScope Scope => CheckScope.Comparison;

    public IEnumerable<Doubt> Examine(CellPair pair)
    {
        if (Blame(pair) is not { } blame || pair.DescribeShortfall() is not { } shortfall)
            yield break;
        (ComparedCell strong, ComparedCell weak) = (pair.Strong, pair.Weak);
        string strength = strong.Cell.Strength == weak.Cell.Strength ? "" : $" at {weak.Cell.Strength}";
        yield return this.Doubt($"{blame} '{weak.Cell.Perturbation.Name}'{strength} {shortfall}");
    }

    /// <summary>
    /// Why the first cell should have been the stronger one; the weaker one's name follows. Null where that is not to be expected.
    /// </summary>
    protected abstract string? Blame(CellPair pair);
}
