using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Options;

/// <summary>An amount of memory as people write it: <c>8 GB</c>, <c>1.5GB</c>, <c>750 MB</c>, in powers of 1000.</summary>
public readonly partial record struct DataSize(long Bytes)
{
    internal const string Pattern = @"^[0-9]{1,6}(\.[0-9]{1,3})? ?[MG]B$";

    private const long Megabyte = 1_000_000;
    private const long Gigabyte = 1000 * Megabyte;

    /// <summary>The amount, or null when the text is none.</summary>
    public static DataSize? Parse(string text)
    {
        Match match = Parts().Match(text);
        if (!match.Success)
            return null;
        decimal number = decimal.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return new DataSize((long)(number * (match.Groups["unit"].Value == "GB" ? Gigabyte : Megabyte)));
    }

    public override string ToString() =>
        Bytes >= Gigabyte
            ? string.Create(CultureInfo.InvariantCulture, $"{Bytes / (double)Gigabyte:0.##} GB")
            : string.Create(CultureInfo.InvariantCulture, $"{Bytes / (double)Megabyte:0} MB");

    [GeneratedRegex(
        @"^(?<number>[0-9]{1,6}(\.[0-9]{1,3})?) ?(?<unit>[MG]B)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Parts();
}
