using System.Text.Json.Nodes;

namespace MerBench.Host.Options;

/// <summary>The value of an option that knows what of it belongs to keys.</summary>
internal interface IKeyedOption
{
    /// <summary>Everything that results depend on.</summary>
    JsonNode ToJson();
}
