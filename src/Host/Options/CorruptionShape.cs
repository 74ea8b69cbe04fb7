using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>A corruption as an option of a plugin: its id, or a mapping of <c>use</c>, <c>severity</c> and <c>with</c>.</summary>
internal sealed class CorruptionShape : ValueShape
{
    public override string Name => "corruption";

    public override string Expected => "a corruption: its id, or { use: ..., severity: ..., with: ... }";

    public override JsonNode? ToJson(object? value, string baseFolder) => ((IKeyedOption)value!).ToJson();

    public override JsonObject Schema() => OptionsShape.Find(typeof(CorruptionEntry)).Schema();

    private protected override object? BindCore(Node node, BindingContext context) =>
        OptionsShape.Find(typeof(CorruptionEntry)).Bind(node, context) is CorruptionEntry entry
            ? context.FindCorruption?.Invoke(entry, context)
            : null;
}

[BindPartially, Shorthand("use")]
internal sealed record CorruptionEntry(
    [Description("The plugin's id; 'merbench list' shows them.")] [Required] Located<string>? Use,
    SourceLocation At,
    [Description("1 (slight) to 5 (severe).")] [Range(1, 5)] int Severity = 1,
    [Description("The plugin's options; 'merbench describe' shows them.")] Node? With = null
);
