using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What a file says about itself, as <c>eng/export/export_encoder.py</c> writes it; null for what it does not say.</summary>
public sealed record ModuleMetadata
{
    /// <summary>The name of the JSON text: among the extra files of TorchScript, and a key of ONNX's <c>metadata_props</c>.</summary>
    public const string Name = "merbench.json";

    private static readonly JsonSerializerOptions Lenient = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Samples a second of the waveforms that it was trained on.</summary>
    public int? SampleRate { get; init; }

    /// <summary>What it reads.</summary>
    public Domain? Input { get; init; }

    /// <summary>How it takes that.</summary>
    public InputLayout? Layout { get; init; }

    /// <summary>How many samples it takes at once, where it takes one length only.</summary>
    public long? Length { get; init; }

    /// <summary>Names of the columns of its output.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Nothing is said.</summary>
    public static ModuleMetadata None { get; } = new();

    /// <summary>Reads the texts that a file carries: JSON of this record, or single values under their own names.</summary>
    /// <param name="texts">By name, such as <c>merbench.json</c>, <c>sample_rate</c> or <c>labels.txt</c>; others are passed over.</param>
    /// <exception cref="PluginUserException">A text of that name cannot be read; the message continues <c>FILE ...</c>.</exception>
    public static ModuleMetadata Read(IReadOnlyDictionary<string, string> texts)
    {
        ModuleMetadata found = texts.TryGetValue(Name, out string? json) ? ReadJson(json) : None;
        foreach ((string name, string text) in texts)
            found = Path.GetFileNameWithoutExtension(name).Replace('-', '_') switch
            {
                "sample_rate" when ReadRate(text) is { } rate => found with { SampleRate = found.SampleRate ?? rate },
                "labels" or "classes" => found with { Labels = found.Labels ?? ReadLabels(text) },
                _ => found,
            };
        return found;
    }

    /// <summary>Names in a text: a JSON list, or one a line.</summary>
    public static IReadOnlyList<string> ReadLabels(string text)
    {
        string[] lines = [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
        if (!text.TrimStart().StartsWith('['))
            return lines;
        try
        {
            return JsonSerializer.Deserialize<string[]>(text) ?? lines;
        }
        catch (JsonException)
        {
            return lines;
        }
    }

    private static ModuleMetadata ReadJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ModuleMetadata>(json, Lenient) ?? None;
        }
        catch (JsonException e)
        {
            throw new PluginUserException($"carries a text '{Name}' that cannot be read: {e.Message.Split(" Path:")[0]}", e);
        }
    }

    private static int? ReadRate(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and < 1e7
            ? (int)Math.Round(rate)
            : null;
}
