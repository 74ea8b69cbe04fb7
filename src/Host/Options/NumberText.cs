using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MerBench.Host.Options;

/// <summary>Numbers that all readers of YAML read alike: 1.1 takes 010 for eight and 1:30 for ninety, 1.2 takes neither so.</summary>
internal static partial class NumberText
{
    public static bool IsPlain(string text) => Plain().IsMatch(text);

    /// <summary>Whether it is infinity or no number, as some program writes them.</summary>
    public static bool IsEndless(string text) => Endless().IsMatch(text);

    /// <summary>Whether digits say another number than zero: a power may be too small for the type, which then holds zero.</summary>
    public static bool IsNotZero(string text) => text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');

    /// <summary>What to write in place of a number that is not plain; empty where nobody knows.</summary>
    public static string Hint(string text) => Hint(text, isWhole: false);

    private static string Hint(string text, bool isWhole)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (LeadingZero().Match(text) is { Success: true } zero)
            return HintForLeadingZero(zero, isWhole);
        if (InBase().Match(text) is { Success: true } based)
            return $"write {based.Groups["sign"].Value}{ToDecimal(based.Groups["base"].Value, based.Groups["digits"].Value)}";
        if (Sexagesimal().IsMatch(text))
            return string.Create(CultureInfo.InvariantCulture, $"some readers of YAML take it for {InSixties(text)}: write what you mean");
        if (DecimalComma().IsMatch(text))
            return $"write {text.Replace(',', '.')}";
        return text.Contains('_', StringComparison.Ordinal) && IsPlain(digits) ? $"write {digits}" : "";
    }

    /// <summary>The same for a whole number.</summary>
    public static string HintForWhole(string text) =>
        IsPlain(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && Math.Abs(value) < 1e15
        && Math.Floor(value) == value
            ? string.Create(CultureInfo.InvariantCulture, $"write {value:0}")
            : Hint(text, isWhole: true);

    // As [0,03] has it.
    private static string HintForLeadingZero(Match zero, bool isWhole)
    {
        string sign = zero.Groups["sign"].Value,
            digits = zero.Groups["digits"].Value,
            rest = zero.Groups["rest"].Value,
            trimmed = digits.TrimStart('0') is { Length: > 0 } some ? some : "0";
        if (rest.Length > 0)
            return $"write {sign}{trimmed}{rest}";
        bool isOctal = trimmed.Length > 1 && trimmed.All(c => c <= '7');
        string octal = isOctal ? $", {sign}{ToDecimal("o", trimmed)} if it is octal" : "";
        string behindComma = isWhole ? "" : $", or 0.{digits} if a decimal comma stands before it";
        return $"readers of YAML differ on a leading zero: write {sign}{trimmed}{octal}{behindComma}";
    }

    private static BigInteger ToDecimal(string prefix, string digits)
    {
        int radix = char.ToLowerInvariant(prefix[0]) switch
        {
            'x' => 16,
            'o' => 8,
            _ => 2,
        };
        return digits
            .Where(c => c != '_')
            .Aggregate(
                BigInteger.Zero,
                (number, c) => (number * radix) + int.Parse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            );
    }

    private static double InSixties(string text)
    {
        double size = text.TrimStart('+', '-')
            .Split(':')
            .Aggregate(0.0, (number, part) => (number * 60) + double.Parse(part, CultureInfo.InvariantCulture));
        return text[0] == '-' ? -size : size;
    }

    private const RegexOptions Explicit = RegexOptions.ExplicitCapture;
    private const int Patience = 1000;

    [GeneratedRegex(@"^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\z", Explicit, Patience)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[-+]?(\.?(inf|nan)|infinity|∞)\z", Explicit | RegexOptions.IgnoreCase, Patience)]
    private static partial Regex Endless();

    [GeneratedRegex(@"^(?<sign>[-+]?)(?<digits>0[0-9]{1,30})(?<rest>(\.[0-9]*)?([eE][-+]?[0-9]+)?)\z", Explicit, Patience)]
    private static partial Regex LeadingZero();

    [GeneratedRegex(
        @"^(?<sign>[-+]?)0((?<base>[xX])(?<digits>[0-9a-fA-F_]{1,30})|(?<base>[oO])(?<digits>[0-7_]{1,30})"
            + @"|(?<base>[bB])(?<digits>[01_]{1,60}))\z",
        Explicit,
        Patience
    )]
    private static partial Regex InBase();

    [GeneratedRegex(@"^[-+]?[0-9]{1,9}(:[0-5]?[0-9]){1,5}(\.[0-9]*)?\z", Explicit, Patience)]
    private static partial Regex Sexagesimal();

    [GeneratedRegex(@"^[-+]?[0-9]{1,30},[0-9]{1,30}\z", Explicit, Patience)]
    private static partial Regex DecimalComma();
}
