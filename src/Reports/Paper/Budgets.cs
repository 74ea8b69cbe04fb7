using System.Globalization;

namespace MerBench.Reports.Paper;

/// <summary>Sizes of perturbations in prose.</summary>
internal static class Budgets
{
    /// <summary>Budgets of one norm.</summary>
    public static Inline Phrase(string norm, IEnumerable<double> sizes) =>
        norm switch
        {
            "snr" => Sentence.Format($"a signal-to-noise ratio of at least {List(sizes.OrderDescending())} dB"),
            "masking-excess" => Sentence.Format($"{List(sizes.Order())} dB above the masking threshold of each clip"),
            _ => Sentence.Format($"{Norm(norm)} balls of radius {List(sizes.Order())}"),
        };

    /// <summary>A budget as <see cref="Budget.ToString"/> writes it.</summary>
    public static Inline Written(string budget)
    {
        if (
            budget.Split(' ') is not [var norm, var size, ..]
            || !double.TryParse(size, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        )
            return Inline.Text(budget);
        return norm == "snr"
            ? Sentence.Format($"a signal-to-noise ratio of at least {number} dB")
            : Sentence.Format($"an {Norm(norm)} ball of radius {number}");
    }

    private static Inline Norm(string norm) => norm == "linf" ? Inline.Math("\\ell_\\infty", "ℓ∞") : Inline.Math("\\ell_2", "ℓ2");

    private static Inline List(IEnumerable<double> sizes) =>
        Inline.List(sizes.Select(s => Inline.Text(s.ToString(CultureInfo.InvariantCulture))));
}
