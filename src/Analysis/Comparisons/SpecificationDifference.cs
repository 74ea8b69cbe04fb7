using System.Text.Json;

namespace MerBench.Analysis.Comparisons;

/// <summary>A value that differs between two specifications.</summary>
/// <param name="Path">Keys from the root to it.</param>
internal sealed record SpecificationDifference(IReadOnlyList<string> Path, string? Accepted, string? Received)
{
    public string Section => Path[0];

    public string Leaf => Path[^1];

    /// <summary>Whether another plugin stands here.</summary>
    public bool IsOfPlugin => Leaf == "id" && Path.Count > 1;

    /// <summary>Where the value stands.</summary>
    public string Parent => string.Join('/', Path.SkipLast(1));

    /// <summary>Whether it stands somewhere below another place.</summary>
    public bool IsBelow(string parent) => string.Join('/', Path).StartsWith($"{parent}/", StringComparison.Ordinal);

    /// <summary>The path as a benchmark's author writes it.</summary>
    public string Rest => string.Join('.', Path.Where((key, i) => key != "options" && (i > 0 || Path.Count == 1)));

    public Cause As(CauseKind kind, string what) => new(kind, what, Accepted, Received);

    public static IEnumerable<SpecificationDifference> Find(JsonElement accepted, JsonElement received)
    {
        Dictionary<string, (string[] Path, string Value)> before = Leaves(accepted, [])
            .ToDictionary(l => string.Join('/', l.Path), StringComparer.Ordinal);
        Dictionary<string, (string[] Path, string Value)> now = Leaves(received, [])
            .ToDictionary(l => string.Join('/', l.Path), StringComparer.Ordinal);
        foreach (string key in before.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            (string[] Path, string Value)? then = before.TryGetValue(key, out var b) ? b : null,
                here = now.TryGetValue(key, out var n) ? n : null;
            if (then?.Value != here?.Value)
                yield return new SpecificationDifference((then ?? here)!.Value.Path, then?.Value, here?.Value);
        }
    }

    private static IEnumerable<(string[] Path, string Value)> Leaves(JsonElement value, string[] path) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(p => Leaves(p.Value, [.. path, p.Name])),
            JsonValueKind.Array => value
                .EnumerateArray()
                .SelectMany((item, i) => Leaves(item, [.. path, i.ToString(System.Globalization.CultureInfo.InvariantCulture)])),
            JsonValueKind.Null => [],
            JsonValueKind.String => [(path, value.GetString()!)],
            _ => [(path, value.GetRawText())],
        };
}
