using System.Globalization;
using System.Text.Json;

namespace MerBench.Reports.Paper;

/// <summary>Options of plugins in prose, from their canonical JSON: <c>steps 40, step size 0.25, no random start</c>.</summary>
internal static class OptionText
{
    private const int Sha256Digits = 64;
    private const string HashOfFile = "sha256:";

    /// <summary>In brackets, with a blank before; empty where there are none to speak of.</summary>
    public static string InBrackets(JsonElement options) => Describe(options) is { Length: > 0 } text ? $" ({text})" : "";

    private static string Describe(JsonElement options) =>
        string.Join(", ", options.EnumerateObject().Select(o => Option(o.Name.Replace('-', ' '), o.Value)).Where(o => o.Length > 0));

    private static string Option(string name, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            JsonValueKind.True => name,
            JsonValueKind.False => $"no {name}",
            JsonValueKind.Array when value.GetArrayLength() == 0 => "",
            _ => Value(value) is { Length: > 0 } text ? $"{name} {text}" : "",
        };

    private static string Value(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble().ToString("0.############", CultureInfo.InvariantCulture),
            // Files stand for their content.
            JsonValueKind.String => value.GetString() is { } text && IsHash(text) ? "" : value.GetString()!,
            JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number) =>
                $"[{string.Join(", ", value.EnumerateArray().Select(Value))}]",
            JsonValueKind.Array => string.Join(" + ", value.EnumerateArray().Select(Value)),
            JsonValueKind.Object when value.TryGetProperty("use", out JsonElement use) =>
                $"{use.GetString()}{(value.TryGetProperty("with", out JsonElement with) ? InBrackets(with) : "")}",
            JsonValueKind.Object => $"({Describe(value)})",
            _ => value.ToString(),
        };

    private static bool IsHash(string text) =>
        text.StartsWith(HashOfFile, StringComparison.Ordinal) || (text.Length == Sha256Digits && text.All(char.IsAsciiHexDigit));
}
