using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.IO;

namespace MerBench.Host.Runs.Executors;

/// <summary>The first line to a worker: what it works on.</summary>
internal sealed record WorkerRequest(
    string File,
    IReadOnlyList<string> Plugins,
    string Cache,
    string? LibTorch,
    string Device,
    int Threads
);

/// <summary>Each further line to a worker: the cell to compute.</summary>
/// <param name="Key">The cell's content key; a worker that has another one sees another benchmark.</param>
internal sealed record WorkerOrder(int Cell, string Key);

/// <summary>How a run and its workers write to each other: JSON, a line each. A worker answers with the events of its run; a cell is
/// written as its number in the plan.</summary>
internal sealed class WorkerWire
{
    private readonly JsonSerializerOptions _options;

    public WorkerWire(RunPlan plan)
    {
        _options = new JsonSerializerOptions(ResultJson.Options)
        {
            WriteIndented = false,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameEvents } },
        };
        _options.Converters.Insert(0, new CellByIndex(plan.Cells));
    }

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Plain);

    /// <exception cref="JsonException">The line is something else.</exception>
    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Plain) ?? throw new JsonException("nothing");

    public string Write(RunEvent happened) => JsonSerializer.Serialize(happened, _options);

    /// <summary>The event of a line, or null when the line is none: native code may print what it likes.</summary>
    public RunEvent? ReadEvent(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<RunEvent>(line, _options) : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions Plain { get; } = new(ResultJson.Options) { WriteIndented = false };

    private static void NameEvents(JsonTypeInfo type)
    {
        if (type.Type != typeof(RunEvent))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "event" };
        foreach (Type happened in typeof(RunEvent).GetNestedTypes())
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(happened, happened.Name));
    }

    private sealed class CellByIndex(IReadOnlyList<Cell> cells) : JsonConverter<Cell>
    {
        public override Cell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetInt32() is >= 0 and var index && index < cells.Count ? cells[index] : throw new JsonException("no such cell");

        public override void Write(Utf8JsonWriter writer, Cell value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Index);
    }
}
