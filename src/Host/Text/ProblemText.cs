using System.Globalization;

namespace MerBench.Host.Text;

/// <summary>Everything that is wrong with something, so that a user mends it in one go.</summary>
internal static class ProblemText
{
    private const int Shown = 20;
    private const int MostOfProblem = 1000;

    /// <param name="subject">What cannot be used.</param>
    /// <param name="problems">At least one.</param>
    public static string Write(string subject, IReadOnlyCollection<string> problems)
    {
        string count = problems.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {problems.Count} problems");
        IEnumerable<string> lines = problems.Take(Shown).Select(p => "  " + GuestText.CutAndEscape(p, MostOfProblem));
        if (problems.Count > Shown)
            lines = lines.Append(string.Create(CultureInfo.InvariantCulture, $"  ... and {problems.Count - Shown} more"));
        return string.Join('\n', lines.Prepend($"{subject} cannot be used{count}:"));
    }
}
