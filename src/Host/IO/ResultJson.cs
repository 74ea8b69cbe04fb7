using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MerBench.Host.IO;

/// <summary>How results are written as JSON: camelCase, indented, enums by name; values that are not defined are null. What an older
/// version did not write is read as none.</summary>
public static class ResultJson
{
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            WriteIndented = true,
            NewLine = "\n",
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireNothing } },
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new UndefinedAsNull() },
        };

    /// <summary>The same for types that were generated (<see cref="JsonSerializerContext"/>): nothing waits for reflection.</summary>
    public static JsonSerializerOptions CreateOptions(JsonSerializerContext types) =>
        new(Options) { TypeInfoResolver = types.WithAddedModifier(RequireNothing) };

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
            property.IsRequired = false;
    }

    // JSON has no NaN.
    private sealed class UndefinedAsNull : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
