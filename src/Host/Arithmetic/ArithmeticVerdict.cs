namespace MerBench.Host.Arithmetic;

/// <summary>A setting that was tried in a process of its own.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Findings">What the self-test found; null when the process did not end well.</param>
/// <param name="Failure">How the process ended then.</param>
public sealed record ArithmeticTry(string Setting, ArithmeticFindings? Findings, string? Failure)
{
    /// <summary>Whether everything is right.</summary>
    public bool Passes => Findings is { Faults.Count: 0 };

    /// <summary>Whether everything is right but convolutions whose channels fill no whole blocks.</summary>
    public bool PassesInWholeBlocks => Findings is { } findings && findings.Faults.All(f => !f.FillsBlocks);

    /// <summary>What was wrong, for people.</summary>
    public string Describe()
    {
        const int Most = 3;
        if (Findings is null)
            return Failure ?? "no answer";
        (int faults, int operations) = (Findings.Faults.Count, Findings.Operations);
        if (faults == 0)
            return FormattableString.Invariant($"{operations} operations are right ({Findings.Seconds:0.0} s)");
        IEnumerable<ArithmeticFault> worst = Findings.Faults.OrderByDescending(f => f.Error ?? double.PositiveInfinity).Take(Most);
        string named = string.Join(", ", worst.Select(f => f.ToString())) + (faults > Most ? ", ..." : "");
        return FormattableString.Invariant($"{faults} of {operations} operations are wrong ({named})");
    }
}

/// <summary>What is known about libtorch's arithmetic on this processor: all that was tried, the fastest setting first.</summary>
public sealed record ArithmeticVerdict(IReadOnlyList<ArithmeticTry> Tries)
{
    /// <summary>The fastest setting that computes rightly, or null.</summary>
    /// <param name="inWholeBlocks">Whether only convolutions with whole blocks of channels have to be right.</param>
    public ArithmeticTry? Choose(bool inWholeBlocks) => Tries.FirstOrDefault(t => inWholeBlocks ? t.PassesInWholeBlocks : t.Passes);
}
