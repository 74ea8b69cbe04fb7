using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace MerBench.Host.Results.Tables;

/// <summary>A table as a Parquet file, described column by column. What columns mean, with units, goes into the file's metadata as the JSON object <c>merbench.columns</c>.</summary>
internal sealed class ParquetTable<TRow>(IReadOnlyList<TRow> rows)
{
    private readonly List<(DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write)> _columns = [];
    private readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);

    /// <param name="meaning">What a value is, with its unit.</param>
    public void Add<T>(string name, string meaning, Func<TRow, T> value)
        where T : struct =>
        Add(new DataField<T>(name), meaning, (group, field) => group.WriteAsync<T>(field, rows.Select(value).ToArray()));

    /// <summary>A column with values that are not there.</summary>
    public void AddOptional<T>(string name, string meaning, Func<TRow, T?> value)
        where T : struct =>
        Add(
            new DataField(name, typeof(T), isNullable: true),
            meaning,
            (group, field) => group.WriteAsync<T>(field, rows.Select(value).ToArray())
        );

    public void AddText(string name, string meaning, Func<TRow, string> value) =>
        Add(
            new DataField(name, typeof(string), isNullable: false),
            meaning,
            (group, field) => group.WriteAsync(field, rows.Select(value).ToArray())
        );

    public void AddOptionalText(string name, string meaning, Func<TRow, string?> value) =>
        Add(
            new DataField(name, typeof(string), isNullable: true),
            meaning,
            (group, field) => group.WriteAsync(field, rows.Select(value).ToArray()!)
        );

    /// <summary>Writes the file.</summary>
    /// <param name="metadata">Where the table comes from.</param>
    public void Write(Stream stream, IReadOnlyDictionary<string, string> metadata) => WriteAsync(stream, metadata).GetAwaiter().GetResult();

    public byte[] ToBytes(IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        Write(stream, metadata);
        return stream.ToArray();
    }

    private void Add(DataField field, string meaning, Func<ParquetRowGroupWriter, DataField, Task> write)
    {
        _columns.Add((field, write));
        _meanings.Add(field.Name, meaning);
    }

    private async Task WriteAsync(Stream stream, IReadOnlyDictionary<string, string> metadata)
    {
        var schema = new ParquetSchema(_columns.Select(c => (Field)c.Field));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream);
        writer.CustomMetadata = new Dictionary<string, string>(metadata, StringComparer.Ordinal)
        {
            ["merbench.schema"] = "1",
            ["merbench.columns"] = JsonSerializer.Serialize(_meanings),
        };
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach ((DataField field, Func<ParquetRowGroupWriter, DataField, Task> write) in _columns)
            await write(group, field);
    }
}
