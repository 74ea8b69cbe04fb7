using System.Text.RegularExpressions;

namespace MerBench.Reports.Trackers;

/// <summary>What MLflow takes for names and values: letters, digits and <c>_ - . /</c> and spaces, at most 250 of them, that are no path to
/// somewhere else; values have lengths too.</summary>
internal static partial class MlflowNames
{
    private const int LongestName = 250;
    private const int LongestValue = 5000;

    public static string Fit(string name)
    {
        IEnumerable<string> parts = NotAllowed()
            .Replace(name, "_")
            .Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part is "." or ".." ? part.Replace('.', '_') : part);
        string fitting = string.Join('/', parts);
        return fitting.Length <= LongestName ? fitting : fitting[..LongestName];
    }

    public static string FitValue(string value) => value.Length <= LongestValue ? value : value[..LongestValue];

    [GeneratedRegex(@"[^/\p{L}\p{Nd}_.\- ]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotAllowed();
}
