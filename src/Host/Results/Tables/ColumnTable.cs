using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Parquet;
using Parquet.Schema;

namespace MerBench.Host.Results.Tables;

/// <summary>
/// A table that is described column by column, and written as a Parquet or CSV file. What columns mean, with units, goes into a Parquet
/// file's metadata as the JSON object <c>merbench.columns</c>.
/// </summary>
internal sealed class ColumnTable<TRow>(IReadOnlyList<TRow> rows)
{
    private readonly List<Column> _columns = [];

    public IReadOnlyList<TRow> Rows => rows;

    /// <param name="meaning">What a value is, with its unit.</param>
    public void Add<T>(string name, string meaning, Func<TRow, T> value)
        where T : struct
    {
        var field = new DataField<T>(name);
        _columns.Add(new(field, meaning, r => value(r), group => group.WriteAsync<T>(field, rows.Select(value).ToArray())));
    }

    /// <summary>A column with values that are not there.</summary>
    public void AddOptional<T>(string name, string meaning, Func<TRow, T?> value)
        where T : struct
    {
        var field = new DataField(name, typeof(T), isNullable: true);
        _columns.Add(new(field, meaning, r => value(r), group => group.WriteAsync<T>(field, rows.Select(value).ToArray())));
    }

    public void AddText(string name, string meaning, Func<TRow, string> value)
    {
        var field = new DataField(name, typeof(string), isNullable: false);
        _columns.Add(new(field, meaning, value, group => group.WriteAsync(field, rows.Select(value).ToArray())));
    }

    public void AddOptionalText(string name, string meaning, Func<TRow, string?> value)
    {
        var field = new DataField(name, typeof(string), isNullable: true);
        _columns.Add(new(field, meaning, value, group => group.WriteAsync(field, rows.Select(value).ToArray()!)));
    }

    /// <summary>Leaves out the columns that have no value in any row.</summary>
    public void RemoveEmpty() => _columns.RemoveAll(c => rows.All(r => c.Value(r) is null));

    /// <summary>Writes a Parquet file.</summary>
    /// <param name="metadata">Where the table comes from; null for a file with nothing but its columns.</param>
    public void WriteParquet(Stream stream, IReadOnlyDictionary<string, string>? metadata) =>
        WriteParquetAsync(stream, metadata).GetAwaiter().GetResult();

    public byte[] ToParquet(IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        WriteParquet(stream, metadata);
        return stream.ToArray();
    }

    public byte[] ToCsv()
    {
        using var stream = new MemoryStream();
        using (CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            writer.WriteHeader([.. _columns.Select(c => c.Field.Name)]);
            foreach (TRow row in rows)
                writer.WriteRecord([.. _columns.Select(c => Convert.ToString(c.Value(row), CultureInfo.InvariantCulture) ?? "")]);
        }

        return stream.ToArray();
    }

    private async Task WriteParquetAsync(Stream stream, IReadOnlyDictionary<string, string>? metadata)
    {
        var schema = new ParquetSchema(_columns.Select(c => (Field)c.Field));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream);
        if (metadata is not null)
        {
            writer.CustomMetadata = new Dictionary<string, string>(metadata, StringComparer.Ordinal)
            {
                ["merbench.schema"] = "1",
                ["merbench.columns"] = JsonSerializer.Serialize(_columns.ToDictionary(c => c.Field.Name, c => c.Meaning)),
            };
        }

        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (Column column in _columns)
            await column.Write(group);
    }

    private sealed record Column(DataField Field, string Meaning, Func<TRow, object?> Value, Func<ParquetRowGroupWriter, Task> Write);
}
