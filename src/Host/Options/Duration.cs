using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MerBench.Host.Options;

/// <summary>Durations as people write them: <c>90s</c>, <c>30m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
public static partial class Duration
{
    internal const string Pattern = @"^(?=.)([0-9]{1,6} ?d)?([0-9]{1,6} ?h)?([0-9]{1,6} ?m)?([0-9]{1,9} ?s)?([0-9]{1,9} ?ms)?$";

    /// <summary>The duration, or null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        Match match = Parts().Match(text);
        if (!match.Success)
            return null;
        double Part(string unit) =>
            match.Groups[unit] is { Success: true, Value: var digits } ? double.Parse(digits, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromMilliseconds((((((((Part("d") * 24) + Part("h")) * 60) + Part("m")) * 60) + Part("s")) * 1000) + Part("ms"));
    }

    /// <summary>The shortest text with that meaning, to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var text = new StringBuilder();
        foreach (
            (int amount, string unit) in new[]
            {
                (duration.Days, "d"),
                (duration.Hours, "h"),
                (duration.Minutes, "m"),
                (duration.Seconds, "s"),
                (duration.Milliseconds, "ms"),
            }
        )
            if (amount != 0)
                text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
        return text.ToString();
    }

    [GeneratedRegex(
        @"^(?=.)((?<d>[0-9]{1,6}) ?d)?((?<h>[0-9]{1,6}) ?h)?((?<m>[0-9]{1,6}) ?m)?((?<s>[0-9]{1,9}) ?s)?((?<ms>[0-9]{1,9}) ?ms)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Parts();
}
