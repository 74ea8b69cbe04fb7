using System.Text.RegularExpressions;
using MerBench.Host.Options;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Reads what an attack maximises. The emotions of a direction are checked when the dataset is loaded.</summary>
internal static partial class ObjectiveReader
{
    public const string Standard = "mse";

    /// <summary>The objective, the standard one when none is written; problems are reported to the context.</summary>
    public static string Read(Located<string>? objective, BindingContext context)
    {
        if (objective is null)
            return Standard;
        string text = objective.Value.Trim();
        if (Objective.Names.Contains(text, StringComparer.Ordinal) || Direction().IsMatch(text))
            return text;
        string near = NearestName.Find(text, Objective.Names) is { } name ? $"did you mean '{name}'?" : "";
        context.Report(
            objective.At,
            $"'{objective.Value}' is not an objective: expected {string.Join(", ", Objective.Names)}, or a direction such as '+valence "
                + $"-arousal'",
            near
        );
        return text;
    }

    [GeneratedRegex(@"^(?:[+-]\s*[\w-]*\w\s*)+$", RegexOptions.NonBacktracking)]
    private static partial Regex Direction();
}
