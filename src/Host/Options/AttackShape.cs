using System.Text.Json.Nodes;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>An attack as an option of another attack: its id, or a mapping of <c>use</c> and <c>with</c>.</summary>
internal sealed class AttackShape : ValueShape
{
    public override string Name => "attack";

    public override string Expected => "an attack: its id, or { use: ..., with: ... }";

    public override JsonNode? ToJson(object? value, string baseFolder) => ((IKeyedOption)value!).ToJson();

    public override JsonObject Schema() => OptionsShape.Find(typeof(PluginEntry)).Schema();

    private protected override object? BindCore(Node node, BindingContext context) =>
        OptionsShape.Find(typeof(PluginEntry)).Bind(node, context) is PluginEntry entry ? context.FindAttack?.Invoke(entry, context) : null;
}
