using MerBench.Host.Results;

namespace MerBench.Reports.Paper;

/// <summary>Marks of doubtful results and of perturbations that change what listeners feel, with the notes that explain them. None is ever
/// shown without its mark.</summary>
internal static class PaperMarks
{
    private const string Doubtful = "†",
        Changing = "‡";

    /// <param name="notes">Where the mark's meaning is put, when it is used.</param>
    public static string Perturbation(string name, bool labelPreserving, ISet<string> notes)
    {
        if (labelPreserving)
            return name;
        notes.Add($"{Changing} Changes what listeners feel, so the ratings may no longer hold: no lack of robustness.");
        return $"{name} {Changing}";
    }

    /// <param name="doubtful">Whether a check found a reason not to take the number for the truth.</param>
    public static string Number(string number, bool doubtful, ISet<string> notes)
    {
        if (!doubtful)
            return number;
        notes.Add($"{Doubtful} Doubtful: a check found a reason not to take this harm for the truth; the model may be less robust.");
        return $"{number} {Doubtful}";
    }

    public static bool IsMarked(string number) => number.EndsWith(Doubtful, StringComparison.Ordinal);

    /// <summary>A budget or severity as papers write it.</summary>
    public static string Strength(string strength) =>
        strength
            .Replace("linf ", "ℓ∞ ", StringComparison.Ordinal)
            .Replace("l2 ", "ℓ2 ", StringComparison.Ordinal)
            .Replace("snr ", "SNR ", StringComparison.Ordinal);

    public static bool IsDoubtful(RunResults results, string model, string perturbation, string strength) =>
        results.Cells.Any(c =>
            c.Believable == Believable.Doubtful && c.Model == model && c.Perturbation == perturbation && c.Strength == strength
        );
}
