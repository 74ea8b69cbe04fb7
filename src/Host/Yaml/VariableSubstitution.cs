using System.Text;
using System.Text.RegularExpressions;

namespace MerBench.Host.Yaml;

/// <summary>
/// <c>${VAR}</c>, <c>${VAR:-default}</c> and the escape <c>$${</c>. Values are put in after parsing, so that no value can change the
/// structure of the document. But YAML forbids braces in unquoted text within <c>{ }</c> and <c>[ ]</c>; therefore references are masked
/// before parsing, character by character so that places stay right, and unmasked in each scalar.
/// </summary>
internal static partial class VariableSubstitution
{
    private const char MaskBase = '\uF800'; // In the private use area, outside of the music fonts' block (SMuFL).
    private const string Masked = "{}[],:#";

    public static string Mask(string text) =>
        Reference()
            .Replace(
                text,
                static match =>
                    string.Create(
                        match.Length,
                        match.Value,
                        static (span, value) =>
                        {
                            for (int i = 0; i < span.Length; i++)
                                span[i] = Masked.Contains(value[i], StringComparison.Ordinal) ? (char)(MaskBase + value[i]) : value[i];
                        }
                    )
            );

    public static string Unmask(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(MaskBase, (char)(MaskBase + 127)))
            return text;
        return string.Create(
            text.Length,
            text,
            static (span, value) =>
            {
                for (int i = 0; i < span.Length; i++)
                    span[i] =
                        value[i] - MaskBase is >= 0 and < 128 and var c && Masked.Contains((char)c, StringComparison.Ordinal)
                            ? (char)c
                            : value[i];
            }
        );
    }

    /// <summary>Puts values in.</summary>
    /// <param name="undefined">Is told the offset in <paramref name="text"/> and what is wrong, for each reference that has no
    /// value.</param>
    public static string Substitute(string text, Func<string, string?> environment, Action<int, string> undefined)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        int at = 0;
        while (at < text.Length)
        {
            int next = text.IndexOf("${", at, StringComparison.Ordinal);
            if (next < 0)
                break;
            if (next > at && text[next - 1] == '$')
            {
                result.Append(text, at, next - 1 - at).Append("${");
                at = next + 2;
                continue;
            }

            result.Append(text, at, next - at);
            Match match = Reference().Match(text, next);
            if (!match.Success || match.Index != next)
            {
                undefined(
                    next,
                    "'${' does not begin a variable: expected ${NAME} or ${NAME:-default}, or $${ for the characters themselves"
                );
                return text;
            }

            string name = match.Groups["name"].Value;
            string? value = environment(name);
            if (match.Groups["default"].Success && string.IsNullOrEmpty(value))
                value = match.Groups["default"].Value;
            if (value is null)
                undefined(next, $"variable '{name}' is not set");
            result.Append(value);
            at = next + match.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    [GeneratedRegex(
        @"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}\r\n]*))?\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Reference();
}
