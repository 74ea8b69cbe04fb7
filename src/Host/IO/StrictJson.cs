using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MerBench.Host.IO;

/// <summary>Reads JSON that MerBench writes and somebody else may have written or changed: what is missing is found before anything relies
/// on it.</summary>
public static class StrictJson
{
    /// <param name="types">What is known of the types; reflection finds it where it is left out, which takes long.</param>
    public static JsonSerializerOptions CreateOptions(IJsonTypeInfoResolver? types = null) =>
        new(ResultJson.Options)
        {
            TypeInfoResolver = types ?? new DefaultJsonTypeInfoResolver(),
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };

    /// <param name="options">From <see cref="CreateOptions"/>.</param>
    /// <exception cref="JsonException">It is not whole; the message or the path says where.</exception>
    public static T Read<T>(byte[] json, JsonSerializerOptions options)
        where T : class
    {
        T value = JsonSerializer.Deserialize<T>(json, options) ?? throw new JsonException("it is empty");
        return FindNull(value, options.GetTypeInfo(typeof(T)), "$", options) is { } missing
            ? throw new JsonException($"nothing stands at {missing}")
            : value;
    }

    // The reader itself looks into no collection for that.
    private static string? FindNull(object value, JsonTypeInfo type, string path, JsonSerializerOptions options) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => type
                .Properties.Where(p => p.Get is not null)
                .Select(p =>
                    p.Get!(value) is { } member ? FindNull(member, options.GetTypeInfo(p.PropertyType), $"{path}.{p.Name}", options) : null
                )
                .FirstOrDefault(found => found is not null),
            JsonTypeInfoKind.Enumerable => FindNull(
                ((IEnumerable)value).Cast<object?>().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"[{i}]"))),
                type,
                path,
                options
            ),
            JsonTypeInfoKind.Dictionary when value is IDictionary map => FindNull(
                map.Keys.Cast<string>().Select(key => (map[key], $".{key}")),
                type,
                path,
                options
            ),
            _ => null,
        };

    private static string? FindNull(
        IEnumerable<(object? Item, string Step)> items,
        JsonTypeInfo type,
        string path,
        JsonSerializerOptions options
    )
    {
        JsonTypeInfo element = options.GetTypeInfo(type.ElementType!);
        if (element.Kind == JsonTypeInfoKind.None && element.Type.IsValueType)
            return null;
        return items
            .Select(i => i.Item is null ? path + i.Step : FindNull(i.Item, element, path + i.Step, options))
            .FirstOrDefault(found => found is not null);
    }
}
