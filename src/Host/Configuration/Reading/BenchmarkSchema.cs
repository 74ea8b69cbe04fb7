using System.Text.Json.Nodes;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>JSON Schema (draft 2020-12) of benchmark files, with the options of the plugins at hand, for completion and checks in
/// editors.</summary>
public static class BenchmarkSchema
{
    public static JsonObject Create(PluginCatalog catalog)
    {
        JsonObject file = OptionsShape.Find(typeof(BenchmarkFile)).Schema();
        JsonObject keys = file["properties"]!.AsObject();
        var definitions = new JsonObject();
        AddPlugins(keys["dataset"]!, PluginKind.Dataset);
        AddPlugins(keys["front-end"]!, PluginKind.FrontEnd);
        AddPlugins(keys["models"]!["additionalProperties"]!, PluginKind.Model);
        AddPlugins(MappingOf(keys["models"]!["additionalProperties"]!)["properties"]!["front-end"]!, PluginKind.FrontEnd);
        AddPlugins(keys["perturbations"]!["additionalProperties"]!, PluginKind.Attack, PluginKind.Corruption);
        AddPlugins(keys["metrics"]!["items"]!, PluginKind.Metric);
        file["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        file["title"] = "MerBench benchmark";
        file["$defs"] = definitions;
        return file;

        void AddPlugins(JsonNode entry, params PluginKind[] kinds)
        {
            // An attack hides a corruption of the same id, as in reading.
            PluginDescriptor[] plugins = [.. kinds.SelectMany(catalog.Ready).DistinctBy(p => p.Id, StringComparer.Ordinal)];
            JsonArray forms = entry["anyOf"]!.AsArray();
            JsonObject mapping = MappingOf(entry);
            forms[forms.IndexOf(forms.First(f => f!["type"] is JsonNode type && Is(type, "string")))] = Ids(plugins);
            JsonObject properties = mapping["properties"]!.AsObject();
            JsonNode? description = properties["use"]!["description"]?.DeepClone();
            properties["use"] = Ids(plugins);
            properties["use"]!["description"] = description;
            mapping["allOf"] = new JsonArray([.. plugins.Select(p => Condition(p, definitions))]);
        }
    }

    private static JsonObject MappingOf(JsonNode entry) =>
        entry["anyOf"]!.AsArray().OfType<JsonObject>().Single(f => f["properties"] is not null);

    private static bool Is(JsonNode type, string name) =>
        type is JsonArray many ? many.Any(t => (string)t! == name) : (string)type! == name;

    private static JsonObject Ids(IEnumerable<PluginDescriptor> plugins) =>
        new()
        {
            ["anyOf"] = new JsonArray([
                .. plugins.Select(p => new JsonObject { ["const"] = p.Id, ["description"] = p.Summary }),
                new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{[A-Za-z_]" },
            ]),
        };

    private static JsonObject Condition(PluginDescriptor plugin, JsonObject definitions)
    {
        string name = $"{KebabCase.Convert(plugin.Kind!.Value.ToString())}.{plugin.Id}";
        OptionsShape? shape =
            plugin.OptionsType is { } type && OptionsShape.TryCreate(type, out OptionsShape? bindable, out _) ? bindable : null;
        JsonObject with = shape?.Schema() ?? new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        with["description"] = $"Options of {plugin.Id}. {plugin.Summary}";
        definitions[name] = with;
        var then = new JsonObject { ["properties"] = new JsonObject { ["with"] = new JsonObject { ["$ref"] = $"#/$defs/{name}" } } };
        if (shape?.Members.Any(m => m.IsRequired) == true)
            then["required"] = new JsonArray("with");
        return new JsonObject
        {
            ["if"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["use"] = new JsonObject { ["const"] = plugin.Id } },
                ["required"] = new JsonArray("use"),
            },
            ["then"] = then,
        };
    }
}
