using System.Globalization;
using System.Text.Json;

namespace MerBench.Host.Results.Archives;

/// <summary>The files that an RO-Crate's description lists with size and checksum.</summary>
public static class CrateFiles
{
    /// <summary>The description, in the crate's root.</summary>
    public const string Description = "ro-crate-metadata.json";

    /// <exception cref="JsonException">It is no description of an RO-Crate.</exception>
    internal static IReadOnlyList<ArchivedFile> Read(byte[] description)
    {
        using var document = JsonDocument.Parse(description);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("@graph", out JsonElement graph)
            || graph.ValueKind != JsonValueKind.Array
        )
            throw new JsonException("it has no @graph");
        return [.. graph.EnumerateArray().Where(IsFile).Select(ReadFile)];
    }

    private static bool IsFile(JsonElement entity) =>
        entity.ValueKind == JsonValueKind.Object
        && entity.TryGetProperty("@type", out JsonElement type)
        && type.ValueKind == JsonValueKind.String
        && type.ValueEquals("File");

    private static ArchivedFile ReadFile(JsonElement file)
    {
        string name = Uri.UnescapeDataString(ReadText(file, "@id"));
        return long.TryParse(ReadText(file, "contentSize"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? new ArchivedFile(name, bytes, ReadText(file, "sha256"))
            : throw new JsonException($"the size of {name} is no number");
    }

    private static string ReadText(JsonElement file, string property) =>
        file.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new JsonException($"a file has no {property}");
}
