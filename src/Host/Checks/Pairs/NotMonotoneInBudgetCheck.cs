using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Checks.Pairs;

/// <summary>An attack that may change more must not find less.</summary>
internal sealed class NotMonotoneInBudgetCheck : PairCheck
{
    public override string Id => "not-monotone-in-budget";

    protected override string? Blame(CellPair pair) =>
        pair.IsOneAttack && IsWider(pair.Strong.Cell, pair.Weak.Cell) ? "it finds less than with a smaller budget:" : null;

    private static bool IsWider(Cell strong, Cell weak) => strong.MaskingExcess > weak.MaskingExcess || IsWider(strong.Budget, weak.Budget);

    private static bool IsWider(Budget? strong, Budget? weak)
    {
        if (strong is not { } a || weak is not { } b || a.Norm != b.Norm)
            return false;
        return a.Norm == Norm.Snr ? a.Size < b.Size : a.Size > b.Size;
    }
}
