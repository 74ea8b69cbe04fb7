using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>How long a job may take, as Slurm writes it: <c>30</c> minutes, <c>30:00</c>, <c>2:00:00</c>, <c>1-12</c>, <c>1-12:30</c>,
/// <c>1-12:30:00</c>.</summary>
internal static partial class TimeLimit
{
    /// <summary>Null for no limit (<c>0</c>, <c>infinite</c>), and for what only Slurm may understand.</summary>
    public static TimeSpan? Read(string? text)
    {
        if (text is null || Parts().Match(text.Trim()) is not { Success: true } parts)
            return null;
        var limit = TimeSpan.FromSeconds(
            (86_400 * Number(parts, "d")) + (3600 * Number(parts, "h")) + (60 * Number(parts, "m")) + Number(parts, "s")
        );
        return limit > TimeSpan.Zero ? limit : null;
    }

    private static double Number(Match parts, string name) =>
        parts.Groups[name] is { Success: true } group ? double.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        "^((?<d>[0-9]{1,6})-(?<h>[0-9]{1,6})(:(?<m>[0-9]{1,6})(:(?<s>[0-9]{1,6}))?)?"
            + "|(?<h>[0-9]{1,6}):(?<m>[0-9]{1,6}):(?<s>[0-9]{1,6})|(?<m>[0-9]{1,6})(:(?<s>[0-9]{1,6}))?)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Parts();
}
