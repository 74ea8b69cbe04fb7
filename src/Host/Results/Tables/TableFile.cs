using CsvHelper;
using Parquet;
using Parquet.Schema;

namespace MerBench.Host.Results.Tables;

/// <summary>The rows of a CSV or Parquet file, before anything is known of its columns.</summary>
internal sealed record TableFile(string Path, IReadOnlyList<string> Headers, IReadOnlyList<TableRow> Rows)
{
    // What Parquet.Net calls a column of text. Columns of other types, such as dates, are none that anything here needs.
    private static readonly Type Texts = typeof(ReadOnlyMemory<char>);

    private static readonly Type[] Numbers = [typeof(double), typeof(float), typeof(long), typeof(int), typeof(bool)];

    /// <exception cref="UserErrorException">The file cannot be read, is neither CSV nor Parquet, or has no rows.</exception>
    public static TableFile Read(string path)
    {
        try
        {
            TableFile table = System.IO.Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".CSV" => FromCsv(path),
                ".PARQUET" => FromParquet(path).GetAwaiter().GetResult(),
                _ => throw new UserErrorException($"{path} is neither a .csv nor a .parquet file."),
            };
            return table.Rows.Count > 0 ? table : throw new UserErrorException($"{path} has no rows.");
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or CsvFormatException
                        or ParquetException
                        or InvalidDataException
                        or NotSupportedException
            )
        {
            throw new UserErrorException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }

    /// <exception cref="UserErrorException">A column is missing.</exception>
    public void Require(IEnumerable<string> columns)
    {
        string[] expected = [.. columns],
            missing = [.. expected.Except(Headers, StringComparer.Ordinal)];
        if (missing.Length > 0)
            throw new UserErrorException(
                $"{Path}:1:1: no column {string.Join(", ", missing.Select(m => $"'{m}'"))}; expected {string.Join(", ", expected)}"
            );
    }

    private static TableFile FromCsv(string path)
    {
        using CsvReader reader = CsvReader.FromFile(path, new CsvReaderOptions { TrackLineNumbers = true });
        string[] headers = [.. reader.Headers.Select(h => h.Trim())];
        var rows = new List<TableRow>();
        while (reader.Read())
        {
            string[] cells = reader.Current.ToArray();
            if (cells.All(string.IsNullOrWhiteSpace))
                continue;
            rows.Add(
                new TableRow(
                    path,
                    (int)reader.LineNumber,
                    column => Array.IndexOf(headers, column) is >= 0 and int place && place < cells.Length ? cells[place] : null
                )
            );
        }

        return new TableFile(path, headers, rows);
    }

    private static async Task<TableFile> FromParquet(string path)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        DataField[] fields = [.. reader.Schema.DataFields.Where(f => f.ClrType == Texts || Numbers.Contains(f.ClrType))];
        var rows = new List<TableRow>();
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            var columns = new Dictionary<string, object?[]>(StringComparer.Ordinal);
            foreach (DataField field in fields)
                columns[field.Name] = await Column(group, field);
            for (int i = 0; i < group.RowCount; i++)
            {
                int row = i;
                rows.Add(
                    new TableRow(path, rows.Count + 1, column => columns.TryGetValue(column, out object?[]? values) ? values[row] : null)
                );
            }
        }

        return new TableFile(path, [.. fields.Select(f => f.Name)], rows);
    }

    private static async Task<object?[]> Column(ParquetRowGroupReader group, DataField field)
    {
        if (field.ClrType == Texts)
        {
            var texts = new string?[group.RowCount];
            await group.ReadAsync(field, texts.AsMemory()!);
            return [.. texts];
        }

        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Double => await Values<double>(),
            TypeCode.Single => await Values<float>(),
            TypeCode.Int64 => await Values<long>(),
            TypeCode.Int32 => await Values<int>(),
            _ => await Values<bool>(),
        };

        async Task<object?[]> Values<T>()
            where T : struct
        {
            if (!field.IsNullable)
            {
                var whole = new T[group.RowCount];
                await group.ReadAsync(field, whole.AsMemory());
                return [.. whole.Select(v => (object?)v)];
            }

            var values = new T?[group.RowCount];
            await group.ReadAsync(field, values.AsMemory());
            return [.. values.Select(v => (object?)v)];
        }
    }
}
