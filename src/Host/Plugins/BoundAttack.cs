using System.Text.Json.Nodes;
using MerBench.Host.IO;
using MerBench.Host.Options;

namespace MerBench.Host.Plugins;

/// <summary>A chosen attack with its options bound.</summary>
internal sealed class BoundAttack(PluginUse use) : AttackChoice, IBoundPlugin, IKeyedOption
{
    public PluginUse Use => use;

    public override string Id => use.Plugin.Id;

    public override IAttack Create() => use.Create<IAttack>();

    public JsonNode ToJson() =>
        new JsonObject
        {
            ["assembly"] = FileHash.Compute(use.Plugin.AssemblyPath),
            ["use"] = use.Plugin.Id,
            ["with"] = JsonNode.Parse(use.OptionsJson),
        };
}
