using System.Text.Json.Nodes;
using MerBench.Host.IO;
using MerBench.Host.Options;

namespace MerBench.Host.Plugins;

/// <summary>A chosen corruption with its options bound.</summary>
internal sealed class BoundCorruption(PluginUse use, int severity) : CorruptionChoice, IBoundPlugin, IKeyedOption
{
    public PluginUse Use => use;

    public override string Id => use.Plugin.Id;

    public override int Severity => severity;

    public override ICorruption Create() => use.Create<ICorruption>();

    public JsonNode ToJson() =>
        new JsonObject
        {
            ["assembly"] = FileHash.Compute(use.Plugin.AssemblyPath),
            ["use"] = use.Plugin.Id,
            ["severity"] = severity,
            ["with"] = JsonNode.Parse(use.OptionsJson),
        };
}
