using System.Text.Json.Nodes;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>A value together with its place, for checks that come after binding.</summary>
public sealed record Located<T>(T Value, SourceLocation At);

/// <summary>Accepts what another shape accepts, and keeps the place.</summary>
internal sealed class LocatedShape(Type locatedType, ValueShape inner) : ValueShape
{
    public override string Name => inner.Name;

    public override string Expected => inner.Expected;

    public override string Range => inner.Range;

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        inner.ToJson(locatedType.GetProperty(nameof(Located<>.Value))!.GetValue(value), baseFolder);

    public override JsonObject Schema() => inner.Schema();

    private protected override object? BindCore(Node node, BindingContext context) =>
        inner.Bind(node, context) is { } value ? Activator.CreateInstance(locatedType, value, node.At) : null;
}

/// <summary>A mapping that is bound later, when it is known to what.</summary>
internal sealed class UnboundShape : ValueShape
{
    public override string Name => "mapping";

    public override string Expected => "a mapping";

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        throw new NotSupportedException("A mapping that is not bound has no canonical form.");

    public override JsonObject Schema() => new() { ["type"] = "object" };

    private protected override object? BindCore(Node node, BindingContext context) =>
        node is MappingNode ? node : context.Unexpected(node, Expected);
}
