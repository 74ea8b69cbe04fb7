using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MerBench.Host.IO;

/// <summary>Reads JSON that MerBench writes and somebody else may have written or changed: what is missing is found before anything relies
/// on it.</summary>
public static class StrictJson
{
    private static readonly JsonSerializerOptions Options = new(ResultJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">It is not whole; the message or the path says where.</exception>
    public static T Read<T>(byte[] json)
        where T : class
    {
        T value = JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("it is empty");
        return FindNull(value, Options.GetTypeInfo(typeof(T)), "$") is { } missing
            ? throw new JsonException($"nothing stands at {missing}")
            : value;
    }

    // The reader itself looks into no collection for that.
    private static string? FindNull(object value, JsonTypeInfo type, string path) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => type
                .Properties.Where(p => p.Get is not null)
                .Select(p => p.Get!(value) is { } member ? FindNull(member, Options.GetTypeInfo(p.PropertyType), $"{path}.{p.Name}") : null)
                .FirstOrDefault(found => found is not null),
            JsonTypeInfoKind.Enumerable => FindNull(
                ((IEnumerable)value).Cast<object?>().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"[{i}]"))),
                type,
                path
            ),
            JsonTypeInfoKind.Dictionary when value is IDictionary map => FindNull(
                map.Keys.Cast<string>().Select(key => (map[key], $".{key}")),
                type,
                path
            ),
            _ => null,
        };

    private static string? FindNull(IEnumerable<(object? Item, string Step)> items, JsonTypeInfo type, string path)
    {
        JsonTypeInfo element = Options.GetTypeInfo(type.ElementType!);
        if (element.Kind == JsonTypeInfoKind.None && element.Type.IsValueType)
            return null;
        return items
            .Select(i => i.Item is null ? path + i.Step : FindNull(i.Item, element, path + i.Step))
            .FirstOrDefault(found => found is not null);
    }
}
