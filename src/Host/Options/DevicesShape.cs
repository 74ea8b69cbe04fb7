using System.Text.Json.Nodes;
using MerBench.Host.Torch;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>A device, or a list of those that share a run.</summary>
internal sealed class DevicesShape : ValueShape
{
    public override string Name => "device";

    public override string Expected => $"{DeviceNames.Expected}, or a list of devices";

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        new JsonArray([.. ((DeviceNames)value!).Names.Select(n => JsonValue.Create(n))]);

    public override JsonObject Schema() =>
        new()
        {
            ["anyOf"] = new JsonArray(
                One(),
                new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = One(),
                    ["minItems"] = 1,
                }
            ),
        };

    private protected override object? BindCore(Node node, BindingContext context)
    {
        Node[] items = node is ListNode list ? [.. list.Items] : [node];
        if (items.Length == 0 || Array.Find(items, i => i is not ScalarNode { IsNull: false }) is not null)
            return context.Unexpected(node, Expected);
        foreach (ScalarNode item in items.Cast<ScalarNode>())
        {
            if (DeviceNames.Complaint(DeviceNames.Split(item.Text)) is not { } wrong)
                continue;
            context.Report(item.At, $"'{context.Path}': {wrong}");
            return null;
        }

        string[] names = [.. items.Cast<ScalarNode>().SelectMany(i => DeviceNames.Split(i.Text))];
        if (DeviceNames.Complaint(names) is not { } complaint)
            return DeviceNames.Create(names);
        context.Report(node.At, $"'{context.Path}': {complaint}");
        return null;
    }

    private static JsonObject One() => new() { ["type"] = "string", ["pattern"] = $@"{DeviceNames.Pattern}|\$\{{[A-Za-z_]" };
}
