using System.Globalization;
using System.Text.RegularExpressions;
using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>What ffmpeg says at <c>-loglevel level+info</c>; its exit code is 0 even where a file ends too early.</summary>
internal sealed partial class FfmpegLog(string text)
{
    // Encoders pad, and containers round: differences up to this are no sign of damage.
    private const double ToleratedSeconds = 0.5;
    private const double ToleratedShare = 0.01;

    // The log rounds to hundredths of a second.
    private const double NoticedMilliseconds = 20;
    private const double MostPadding = 0.2;
    private const int MostOfError = 120;

    private readonly string[] _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The last error, or warning where there is none, without ffmpeg's prefixes.</summary>
    public string? LastProblem => LastAt("[fatal]") ?? LastAt("[error]") ?? LastAt("[warning]");

    /// <summary>Why a file that decoded to this many seconds seems to be incomplete, or null.</summary>
    /// <param name="secondsOfHeader">Its length by a header that was read; null where the log has to tell.</param>
    public string? ReasonToThinkItCutOff(double decodedSeconds, double? secondsOfHeader = null)
    {
        bool isShort =
            (secondsOfHeader ?? DeclaredSeconds) is { } declared
            && declared - decodedSeconds > ToleratedSeconds + (ToleratedShare * declared);
        if (!isShort)
            return _lines.LastOrDefault(line => line.Contains("corrupt input packet", StringComparison.OrdinalIgnoreCase)) is { } corrupt
                ? WithoutPrefix(corrupt, "[warning]")
                : null;
        string problem = LastProblem is { } last ? $" ({last})" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"it declares {secondsOfHeader ?? DeclaredSeconds:0.##} s but holds {decodedSeconds:0.##} s{problem}"
        );
    }

    /// <summary>What a file that was decoded in spite of errors has lost, or null where there were none.</summary>
    public string? RemarkOnErrors(double decodedSeconds)
    {
        string[] errors = [.. _lines.Where(line => line.Contains("[error]", StringComparison.Ordinal))];
        if (errors.Length == 0)
            return null;
        string count = errors.Length == 1 ? "an error" : string.Create(CultureInfo.InvariantCulture, $"{errors.Length} errors");
        string first = GuestText.CutAndEscape(WithoutPrefix(errors[0], "[error]"), MostOfError).TrimEnd('.');
        return $"decoded with {count} ({first}): {Lost(decodedSeconds)}";
    }

    private string Lost(double decodedSeconds)
    {
        if (SoundingSeconds is not { } declared)
            return "how much is lost is not known";
        double missing = Math.Round(1000 * (declared - decodedSeconds));
        string how = IsEstimated ? "by its bitrate, " : "";
        return missing < NoticedMilliseconds
            ? $"{how}it is as long as it should be, and parts of it may sound wrong"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{how}about {missing:0} ms of its {declared:0.##} s are missing, and what follows comes earlier"
            );
    }

    // By the bitrate, and so of a file whose bitrate varies anything.
    private bool IsEstimated => _lines.Any(line => line.Contains("Estimating duration from bitrate", StringComparison.Ordinal));

    private double? DeclaredSeconds => !IsEstimated && Declaration is { Success: true } match ? Seconds(match) : null;

    // Encoders put silence at the beginning, which players skip; streams that were cut out of longer ones begin late.
    private double? SoundingSeconds
    {
        get
        {
            if (Declaration is not { Success: true } match)
                return null;
            _ = double.TryParse(match.Groups["start"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double start);
            return Seconds(match) - (start < MostPadding ? start : 0);
        }
    }

    private Match? Declaration => _lines.Select(line => DurationPattern().Match(line)).FirstOrDefault(m => m.Success);

    private static double Seconds(Match declaration) =>
        TimeSpan.Parse(declaration.Groups["time"].Value, CultureInfo.InvariantCulture).TotalSeconds;

    private string? LastAt(string level) =>
        _lines.LastOrDefault(line => line.Contains(level, StringComparison.Ordinal)) is { } line ? WithoutPrefix(line, level) : null;

    private static string WithoutPrefix(string line, string level) =>
        line[(line.IndexOf(level, StringComparison.Ordinal) + level.Length)..].Trim();

    [GeneratedRegex(
        @"^\[info\] {1,3}Duration: (?<time>\d\d:\d\d:\d\d\.\d+)(, start: (?<start>\d+\.\d+))?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DurationPattern();
}
