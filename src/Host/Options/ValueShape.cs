using System.Text.Json.Nodes;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>What one option accepts: how it binds from YAML, and how it is shown, written canonically and described by a schema.</summary>
public abstract class ValueShape
{
    /// <summary>In tables: <c>int</c>, <c>list of number</c>.</summary>
    public abstract string Name { get; }

    /// <summary>In messages: <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>In tables: <c>1..100</c>; possibly empty.</summary>
    public virtual string Range => "";

    /// <summary>Binds a node; every problem is reported to the context.</summary>
    /// <returns>The value. When something was reported, what could be bound in spite of it, or null.</returns>
    public object? Bind(Node node, BindingContext context)
    {
        if (node is not BrokenNode)
            return BindCore(node, context);
        context.FailSilently();
        return null;
    }

    /// <summary>The value in canonical JSON.</summary>
    /// <param name="baseFolder">Paths of folders within it are written relative to it, so that a moved checkout keeps its keys.</param>
    public abstract JsonNode? ToJson(object? value, string baseFolder);

    /// <summary>JSON Schema, draft 2020-12.</summary>
    public abstract JsonObject Schema();

    private protected abstract object? BindCore(Node node, BindingContext context);
}

/// <summary>Accepts nothing (<c>~</c>) besides what another shape accepts.</summary>
internal sealed class NullableShape(ValueShape inner) : ValueShape
{
    public ValueShape Inner => inner;

    public override string Name => inner.Name;

    public override string Expected => inner.Expected;

    public override string Range => inner.Range;

    public override JsonNode? ToJson(object? value, string baseFolder) => value is null ? null : inner.ToJson(value, baseFolder);

    public override JsonObject Schema()
    {
        JsonObject schema = inner.Schema();
        switch (schema["type"])
        {
            case JsonArray types:
                types.Add("null");
                break;
            case JsonValue type:
                schema["type"] = new JsonArray(type.DeepClone(), "null");
                break;
            default:
                schema["anyOf"]!.AsArray().Add(new JsonObject { ["type"] = "null" });
                break;
        }

        return schema;
    }

    private protected override object? BindCore(Node node, BindingContext context) =>
        node is ScalarNode { IsNull: true } ? null : inner.Bind(node, context);
}
