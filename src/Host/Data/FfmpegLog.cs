using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Data;

/// <summary>What ffmpeg says at <c>-loglevel level+info</c>; its exit code is 0 even where a file ends too early.</summary>
internal sealed partial class FfmpegLog(string text)
{
    // Encoders pad, and containers round: differences up to this are no sign of damage.
    private const double ToleratedSeconds = 0.5;
    private const double ToleratedShare = 0.01;

    private readonly string[] _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The last error, or warning where there is none, without ffmpeg's prefixes.</summary>
    public string? LastProblem => LastAt("[fatal]") ?? LastAt("[error]") ?? LastAt("[warning]");

    /// <summary>Why a file that decoded to this many seconds seems to be incomplete, or null.</summary>
    public string? ReasonToThinkItCutOff(double decodedSeconds)
    {
        string? corrupt = _lines.LastOrDefault(line => line.Contains("corrupt input packet", StringComparison.OrdinalIgnoreCase));
        if (corrupt is not null)
            return WithoutPrefix(corrupt, "[warning]");
        if (DeclaredSeconds is not { } declared || declared - decodedSeconds <= ToleratedSeconds + (ToleratedShare * declared))
            return null;
        string problem = LastProblem is { } last ? $" ({last})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"it declares {declared:0.##} s but holds {decodedSeconds:0.##} s{problem}");
    }

    private double? DeclaredSeconds
    {
        get
        {
            if (_lines.Any(line => line.Contains("Estimating duration from bitrate", StringComparison.Ordinal)))
                return null;
            Match match = _lines.Select(line => DurationPattern().Match(line)).FirstOrDefault(m => m.Success) ?? Match.Empty;
            return match.Success ? TimeSpan.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture).TotalSeconds : null;
        }
    }

    private string? LastAt(string level) =>
        _lines.LastOrDefault(line => line.Contains(level, StringComparison.Ordinal)) is { } line ? WithoutPrefix(line, level) : null;

    private static string WithoutPrefix(string line, string level) =>
        line[(line.IndexOf(level, StringComparison.Ordinal) + level.Length)..].Trim();

    [GeneratedRegex(@"^\[info\] {1,3}Duration: (?<time>\d\d:\d\d:\d\d\.\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DurationPattern();
}
