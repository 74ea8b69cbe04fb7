using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>A check of one cell of an attack: how it searched.</summary>
internal interface ICellCheck : ICheck
{
    CheckScope ICheck.Scope => CheckScope.Search;

    /// <summary>Whether it holds for attacks that look for the smallest perturbation too; less harm is what they want.</summary>
    bool JudgesSmallestPerturbations => false;

    IEnumerable<Doubt> Examine(CellEvidence cell);
}
