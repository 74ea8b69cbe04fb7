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
        string[] parts = text.Split('@', 2, StringSplitOptions.TrimEntries);
        if (parts.Length == 2 && !View().IsMatch(parts[1]))
            context.Report(
                objective.At,
                $"'{objective.Value}' names no part of a curve: expected frames, peak, or a time in the excerpt such as '{parts[0]} @ 3 s'"
            );
        if (Objective.Names.Contains(parts[0], StringComparer.Ordinal) || Direction().IsMatch(parts[0]))
            return text;
        string near = NearestName.Find(parts[0], Objective.Names) is { } name ? $"did you mean '{name}'?" : "";
        context.Report(
            objective.At,
            $"'{objective.Value}' is not an objective: expected {string.Join(", ", Objective.Names)}, or a direction such as '+valence "
                + $"-arousal'",
            near
        );
        return text;
    }

    [GeneratedRegex(@"^(?:frames|peak|[0-9]+(?:\.[0-9]+)? ?s)$", RegexOptions.NonBacktracking)]
    private static partial Regex View();

    [GeneratedRegex(@"^(?:[+-]\s*[\w-]*\w\s*)+$", RegexOptions.NonBacktracking)]
    private static partial Regex Direction();
}
