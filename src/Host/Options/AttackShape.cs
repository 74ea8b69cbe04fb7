using System.Text.Json.Nodes;
using MerBench.Host.Benchmarks;
using MerBench.Host.Plugins;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>An attack as an option of another attack: its id, or a mapping of <c>use</c> and <c>with</c>.</summary>
internal sealed class AttackShape : ValueShape
{
    public override string Name => "attack";

    public override string Expected => "an attack: its id, or { use: ..., with: ... }";

    public override JsonNode? ToJson(object? value, string baseFolder)
    {
        PluginUse use = ((BoundAttack)value!).Use;
        return new JsonObject
        {
            ["assembly"] = FileHash.Of(use.Plugin.AssemblyPath),
            ["use"] = use.Plugin.Id,
            ["with"] = JsonNode.Parse(use.OptionsJson),
        };
    }

    public override JsonObject Schema() => OptionsShape.Of(typeof(PluginEntry)).Schema();

    private protected override object? BindCore(Node node, BindingContext context)
    {
        if (OptionsShape.Of(typeof(PluginEntry)).Bind(node, context) is not PluginEntry entry || context.Catalog is not { } catalog)
            return null;
        PluginUse? use = new PluginResolver(catalog, context).Resolve(entry.Use, entry.With, entry.At, PluginKind.Attack);
        return use is null ? null : new BoundAttack(use);
    }
}

/// <summary>A chosen attack with its options bound.</summary>
internal sealed class BoundAttack(PluginUse use) : AttackChoice
{
    public PluginUse Use => use;

    public override string Id => use.Plugin.Id;

    public override IAttack Create() => use.Create<IAttack>();
}
