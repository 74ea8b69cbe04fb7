using System.Buffers.Binary;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>
/// The safetensors format (huggingface/safetensors): a 64-bit header length, a JSON header, raw little-endian values. Reading is as
/// strict as the reference: the values must fill the file without holes or overlaps. Writing always gives the same bytes.
/// </summary>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataKey = "__metadata__";
    private const int LargestHeader = 100_000_000;
    private const int MostOfReason = 300;

    // What torch allows a tensor.
    private const int MostDimensions = 64;

    private static readonly Dictionary<string, ScalarType> Types = new(StringComparer.Ordinal)
    {
        ["BOOL"] = ScalarType.Bool,
        ["U8"] = ScalarType.Byte,
        ["I8"] = ScalarType.Int8,
        ["I16"] = ScalarType.Int16,
        ["I32"] = ScalarType.Int32,
        ["I64"] = ScalarType.Int64,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["F32"] = ScalarType.Float32,
        ["F64"] = ScalarType.Float64,
    };

    /// <exception cref="UserErrorException">The file is missing or malformed.</exception>
    public static SafetensorsFile Read(string path) => Parse(WeightsFile.ReadBytes(path), path);

    /// <summary>Whether the content starts like this format.</summary>
    internal static bool Recognises(ReadOnlySpan<byte> content) => content.Length >= 9 && content[8] == '{';

    internal static SafetensorsFile Parse(byte[] content, string path)
    {
        if (content.Length < 8)
            throw Malformed(path, "it is shorter than its header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (length > LargestHeader || length > (ulong)content.Length - 8)
            throw Malformed(path, $"its header claims {length} bytes; the file is cut off or of another format");
        try
        {
            return Parse(content.AsMemory(8, (int)length), content.AsMemory(8 + (int)length), path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException(
                $"{path} is not a valid safetensors file: its header is not the expected JSON "
                    + $"({GuestText.CutAndEscape(e.Message, MostOfReason)}).",
                inner: e
            );
        }
    }

    private static SafetensorsFile Parse(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> values, string path)
    {
        using var json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        var ranges = new List<(long Start, long End, string Name)>();
        foreach (JsonProperty entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == MetadataKey)
            {
                foreach (JsonProperty item in entry.Value.EnumerateObject())
                    metadata.Add(item.Name, item.Value.GetString() ?? "");
                continue;
            }

            (StoredTensor tensor, long start, long end) = ParseEntry(entry, values, path);
            tensors.Add(entry.Name, tensor);
            ranges.Add((start, end, entry.Name));
        }

        RequireNoHoles(ranges, values.Length, path);
        return new SafetensorsFile(tensors, metadata);
    }

    private static (StoredTensor Tensor, long Start, long End) ParseEntry(JsonProperty entry, ReadOnlyMemory<byte> values, string path)
    {
        string name = GuestText.Name(entry.Name),
            typeName = GuestText.Name(Field("dtype").GetString() ?? "");
        if (!Types.TryGetValue(typeName, out ScalarType type))
            throw Malformed(path, $"'{name}' has the type '{typeName}'; supported are {string.Join(", ", Types.Keys)}");
        if (Field("shape").GetArrayLength() is > MostDimensions and var dimensions)
            throw Malformed(path, $"'{name}' has {ShortList.Count(dimensions)} dimensions, and at most {MostDimensions} are possible");
        if (Field("data_offsets").GetArrayLength() != 2)
            throw Malformed(path, $"'{name}' has no two data_offsets");
        long[] shape = [.. Field("shape").EnumerateArray().Select(d => d.GetInt64())];
        long[] offsets = [.. Field("data_offsets").EnumerateArray().Select(d => d.GetInt64())];
        if (offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > values.Length)
            throw Malformed(
                path,
                $"'{name}' has offsets [{string.Join(", ", offsets)}] outside the file's {values.Length} bytes of values; is the file "
                    + $"cut off?"
            );
        if (StoredTensor.ByteCount(type, shape) != offsets[1] - offsets[0])
            throw Malformed(
                path,
                $"'{name}' of shape [{string.Join(", ", shape)}] and type {typeName} does not fit its {offsets[1] - offsets[0]} bytes"
            );
        return (new StoredTensor(type, shape, values[(int)offsets[0]..(int)offsets[1]]), offsets[0], offsets[1]);

        JsonElement Field(string field) =>
            entry.Value.TryGetProperty(field, out JsonElement value) ? value : throw Malformed(path, $"'{name}' has no '{field}'");
    }

    private static void RequireNoHoles(List<(long Start, long End, string Name)> ranges, long total, string path)
    {
        long reached = 0;
        foreach ((long start, long end, string name) in ranges.OrderBy(r => r.Start).ThenBy(r => r.End))
        {
            if (start != reached)
                throw Malformed(
                    path,
                    $"the values of '{GuestText.Name(name)}' "
                        + (start < reached ? "overlap those before them" : "leave a hole before them")
                );
            reached = end;
        }

        if (reached != total)
            throw Malformed(path, $"{total - reached} bytes at its end belong to no tensor");
    }

    /// <summary>Writes to a temporary file in the same folder, flushes, and renames: the path never holds half a file.</summary>
    public static void Write(
        string path,
        IReadOnlyDictionary<string, StoredTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        string full = Path.GetFullPath(path),
            temporary = $"{full}.{Guid.NewGuid():n}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Write(file, tensors, metadata);
                file.Flush(flushToDisk: true);
            }

            AtomicFile.MoveInto(temporary, full);
        }
        finally
        {
            TemporaryName.Delete(temporary);
        }
    }

    /// <summary>Writes to a stream.</summary>
    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, StoredTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        if (tensors.ContainsKey(MetadataKey))
            throw new ArgumentException($"'{MetadataKey}' is no tensor name.", nameof(tensors));
        // Large items first keeps every value aligned to its size.
        string[] order =
        [
            .. tensors.Keys.OrderByDescending(n => StoredTensor.ItemSize(tensors[n].Type)).ThenBy(n => n, StringComparer.Ordinal),
        ];
        byte[] header = Header(tensors, order, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (string name in order)
            stream.Write(tensors[name].Data.Span);
    }

    private static byte[] Header(
        IReadOnlyDictionary<string, StoredTensor> tensors,
        string[] order,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        long position = 0;
        foreach (string name in order)
        {
            starts[name] = position;
            position += tensors[name].Data.Length;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            foreach (string name in tensors.Keys.Order(StringComparer.Ordinal))
            {
                StoredTensor tensor = tensors[name];
                json.WriteStartObject(name);
                json.WriteString("dtype", Types.First(t => t.Value == tensor.Type).Key);
                WriteNumbers("shape", tensor.Shape);
                WriteNumbers("data_offsets", [starts[name], starts[name] + tensor.Data.Length]);
                json.WriteEndObject();
            }

            json.WriteEndObject();

            void WriteNumbers(string field, IEnumerable<long> numbers)
            {
                json.WriteStartArray(field);
                foreach (long number in numbers)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
            }
        }

        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static UserErrorException Malformed(string path, string why) => new($"{path} is not a valid safetensors file: {why}.");
}
