using MerBench.Host.Results;

namespace MerBench.Host.Checks.Results;

/// <summary>A check of what a finished cell measured. It costs nothing, and so is asked of cells from the store too.</summary>
internal interface IResultCheck : ICheck
{
    IEnumerable<Doubt> Examine(CellResult cell);
}
