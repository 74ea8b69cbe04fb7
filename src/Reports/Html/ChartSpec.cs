using System.Text.Json.Nodes;

namespace MerBench.Reports.Html;

/// <summary>
/// A Vega-Lite specification. It stands in an embedded file that the Vega editor opens as it is, with a sample of data and the colours of
/// the light theme; here it loses the data, colours become the page's CSS variables, and models and perturbations get their palettes, which
/// scripts of the page fill.
/// </summary>
public sealed class ChartSpec
{
    private static readonly string[] Identities = ["model", "perturbation"],
        PaletteChannels = ["color", "fill", "shape", "strokeDash"];

    private readonly JsonObject _root;

    private ChartSpec(JsonObject root) => _root = root;

    /// <summary>Reads the file <c>charts/NAME.vl.json</c>.</summary>
    public static ChartSpec Read(string name)
    {
        JsonObject root = JsonNode.Parse(PageAssets.Read($"{name}.vl.json"))!.AsObject();
        root.Remove("$schema");
        root.Remove("data");
        foreach (JsonObject node in Objects(root))
        {
            UseVariables(node);
            foreach (string channel in PaletteChannels)
                if (node[channel] is JsonObject definition)
                    UsePalette(definition);
        }

        return new ChartSpec(root);
    }

    /// <summary>Puts a value wherever the file has one under these names, such as <c>x.axis.values</c>.</summary>
    /// <exception cref="ArgumentException">The file has none.</exception>
    public ChartSpec Set(string names, JsonNode? value)
    {
        string[] path = names.Split('.');
        JsonObject[] owners =
        [
            .. Objects(_root).Select(node => Follow(node, path[..^1])).OfType<JsonObject>().Where(o => o.ContainsKey(path[^1])),
        ];
        if (owners.Length == 0)
            throw new ArgumentException($"The chart has no '{names}'.", nameof(names));
        foreach (JsonObject owner in owners)
            owner[path[^1]] = value?.DeepClone();
        return this;
    }

    public override string ToString() => _root.ToJsonString();

    private static JsonNode? Follow(JsonNode? node, IEnumerable<string> names) =>
        names.Aggregate(node, (at, name) => at is JsonObject parent ? parent[name] : null);

    // A list, since what is walked through is changed.
    private static List<JsonObject> Objects(JsonNode? node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        List<JsonObject> found = node is JsonObject self ? [self] : [];
        foreach (JsonNode? child in children)
            found.AddRange(Objects(child));
        return found;
    }

    private static void UseVariables(JsonObject node)
    {
        foreach (
            JsonValue text in node.Select(p => p.Value).SelectMany(v => v as IEnumerable<JsonNode?> ?? [v]).OfType<JsonValue>().ToArray()
        )
            if (text.TryGetValue(out string? colour) && PageColours.Variables.TryGetValue(colour, out string? variable))
                text.ReplaceWith(variable);
    }

    private static void UsePalette(JsonObject channel)
    {
        if (channel["field"]?.GetValue<string>() is { } field && Identities.Contains(field) && !channel.ContainsKey("scale"))
            channel["scale"] = new JsonObject { ["palette"] = field };
    }
}
