using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>An attack that computes in a faster format must gain what it gains in fp32 on the same clips; both judged in fp32.</summary>
internal sealed class PrecisionCheck : ICellCheck
{
    private const double LargestLoss = 0.02;

    private const string Advice = "leave 'precision' out, or give it more steps";

    public string Id => "precision";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        if (cell.Precision == Precision.Fp32 || cell.Attack.Knowledge == AttackKnowledge.Transfer)
            yield break;
        IReadOnlyList<float> exact = cell.Trials.AttackInFp32();
        double clean = cell.Clean.Take(exact.Count).Average();
        double gain = cell.Perturbed.Take(exact.Count).Average() - clean;
        double full = exact.Average() - clean;
        double apart = Math.Abs(gain - full) / Math.Max(Math.Abs(full), 1e-12);
        if (apart <= LargestLoss)
            yield break;
        string format = cell.Precision.ToString().ToLowerInvariant();
        yield return this.Doubt(
            $"in {format} it gained {gain:g3} on {exact.Count} clips, in fp32 {full:g3}: {apart:0.0 %} apart; {Advice}"
        );
    }
}
