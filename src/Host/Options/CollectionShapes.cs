using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>A list, bound to an array or to what a <see cref="List{T}"/> fits.</summary>
internal sealed class ListShape(Type elementType, bool isArray, ValueShape element) : ValueShape
{
    public ValueShape Element => element;

    public override string Name => $"list of {element.Name}";

    public override string Expected => $"a list, each item {element.Expected}";

    public override string Range => element.Range;

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        new JsonArray([.. ((IEnumerable)value!).Cast<object?>().Select(item => item is null ? null : element.ToJson(item, baseFolder))]);

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = element.Schema() };

    private protected override object? BindCore(Node node, BindingContext context)
    {
        if (node is not ListNode list)
            return context.Unexpected(node, Expected, node is ScalarNode { IsNull: false } scalar ? $"write [{scalar.Text}]" : "");
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(elementType))!;
        foreach (Node item in list.Items)
        {
            int before = context.Failures;
            object? value = element.Bind(item, context);
            if (value is not null || context.Failures == before)
                items.Add(value);
        }

        if (!isArray)
            return items;
        var array = Array.CreateInstance(elementType, items.Count);
        items.CopyTo(array, 0);
        return array;
    }
}

/// <summary>A mapping with free keys; keeps the order of the file.</summary>
internal sealed class DictionaryShape(Type elementType, bool isPlainDictionary, ValueShape element) : ValueShape
{
    public ValueShape Element => element;

    public override string Name => $"mapping to {element.Name}";

    public override string Expected => $"a mapping, each value {element.Expected}";

    public override string Range => element.Range;

    public override JsonNode? ToJson(object? value, string baseFolder)
    {
        PropertyInfo? key = null,
            item = null;
        var pairs = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (object pair in (IEnumerable)value!)
        {
            key ??= pair.GetType().GetProperty("Key");
            item ??= pair.GetType().GetProperty("Value");
            object? content = item!.GetValue(pair);
            pairs[(string)key!.GetValue(pair)!] = content is null ? null : element.ToJson(content, baseFolder);
        }

        return new JsonObject(pairs);
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = element.Schema() };

    private protected override object? BindCore(Node node, BindingContext context)
    {
        if (node is not MappingNode mapping)
            return context.Unexpected(node, Expected);
        Type type = (isPlainDictionary ? typeof(Dictionary<,>) : typeof(OrderedDictionary<,>)).MakeGenericType(typeof(string), elementType);
        var values = (IDictionary)Activator.CreateInstance(type)!;
        foreach (MappingEntry entry in mapping.Entries)
        {
            int before = context.Failures;
            object? value = context.Within(entry.Key.Text, () => element.Bind(entry.Value, context));
            if (value is not null || context.Failures == before)
                values.Add(entry.Key.Text, value);
        }

        return values;
    }
}
