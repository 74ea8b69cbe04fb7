using System.Globalization;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Plugins;

namespace MerBench.Host.Checks.Pairs;

/// <summary>A cell of an attack and what it gained in the objective, a clip each.</summary>
internal sealed record ComparedCell(Cell Cell, IReadOnlyList<double> Gains)
{
    public PluginDescriptor Attack => Cell.Perturbation.Use.Plugin;

    /// <summary>Whether it was crafted on the attacked model, and so is no transfer.</summary>
    public bool IsCraftedOnItself => Cell.Perturbation.Surrogates.Contains(Cell.Model.Name, StringComparer.Ordinal);
}

/// <summary>Two cells of one model, seed, domain and objective, of which the first may have to be the stronger one.</summary>
internal sealed record CellPair(ComparedCell Strong, ComparedCell Weak)
{
    // Shares of the weaker one's gain, and of clips. A single step overshoots on many clips; only for most of them it must not.
    private const double Slack = 0.02;
    private const double MostClips = 0.2;
    private const double MostClipsOfOneStep = 0.5;
    private const double LeastGain = 1e-9;

    /// <summary>One entry of the file, at two of its budgets.</summary>
    public bool IsOneAttack => Strong.Cell.Perturbation == Weak.Cell.Perturbation;

    /// <summary>Two entries of one plugin at the same budget.</summary>
    public bool IsOnePlugin => IsAtOneBudget && Strong.Attack.Id == Weak.Attack.Id;

    /// <summary>Two plugins at the same budget.</summary>
    public bool IsTwoPlugins => IsAtOneBudget && Strong.Attack.Id != Weak.Attack.Id;

    private bool IsAtOneBudget =>
        !IsOneAttack
        && Strong.Cell.Budget == Weak.Cell.Budget
        && Strong.Cell.MaskingExcess == Weak.Cell.MaskingExcess
        && !Strong.IsCraftedOnItself
        && !Weak.IsCraftedOnItself;

    /// <summary>By how much the first cell is the weaker one, in numbers; null where it is not.</summary>
    public string? DescribeShortfall()
    {
        (IReadOnlyList<double> strong, IReadOnlyList<double> weak) = (Strong.Gains, Weak.Gains);
        if (strong.Count != weak.Count)
            return null;
        double slack = Slack * Math.Max(weak.Average(), 0);
        int worse = strong.Zip(weak, (a, b) => b > a + Math.Max(slack, Slack * Math.Abs(b))).Count(isWorse => isWorse);
        bool isWorseInMean = weak.Average() > strong.Average() + slack && weak.Average() > LeastGain;
        double most = Strong.Attack.IsIterative ? MostClips : MostClipsOfOneStep;
        if (!isWorseInMean && worse <= most * strong.Count)
            return null;
        string objective = Strong.Cell.Perturbation.Objective;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"gains {weak.Average():g3} against {strong.Average():g3} in {objective}, more on {worse} of {strong.Count} clips"
        );
    }
}
