namespace MerBench.Attacks.Gradient;

/// <summary>When <see cref="Apgd"/> looks back: after 22 % of the steps, then at intervals that shrink by 3 % of the steps down to 6 %
/// (Croce and Hein 2020, section 3.3).</summary>
internal static class ApgdCheckpoints
{
    // Rounding lets sums of shares end beyond a whole number of steps.
    private const double First = 0.22,
        Shrinking = 0.03,
        Least = 0.06,
        Rounding = 1e-9;

    /// <summary>Numbers of steps, rising, each below <paramref name="steps"/> and at least 1.</summary>
    public static IReadOnlyList<int> Plan(int steps)
    {
        var found = new List<int>();
        for (double share = First, interval = First; share < 1; share += interval)
        {
            int step = (int)Math.Ceiling((share * steps) - Rounding);
            if (step >= 1 && step < steps && (found.Count == 0 || step > found[^1]))
                found.Add(step);
            interval = Math.Max(interval - Shrinking, Least);
        }

        return found;
    }
}
