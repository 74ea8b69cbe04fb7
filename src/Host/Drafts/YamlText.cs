using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MerBench.Host.Drafts;

/// <summary>Values as they stand in a benchmark file: plain where YAML cannot take them for something else.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A dollar sign begins a variable, and two of them stand for one.
    public static string Quote(string text) =>
        Plain().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? text
            : JsonSerializer.Serialize(text.Replace("$", "$$", StringComparison.Ordinal), Readable);

    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    public static string Mapping(IEnumerable<(string Key, string Value)> pairs) =>
        $"{{ {string.Join(", ", pairs.Select(p => $"{Quote(p.Key)}: {Quote(p.Value)}"))} }}";

    /// <summary>Relative to a folder, with <c>/</c> between folders.</summary>
    public static string Path(string path, string folder) =>
        Quote(System.IO.Path.GetRelativePath(folder, System.IO.Path.GetFullPath(path)).Replace('\\', '/'));

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_./-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
