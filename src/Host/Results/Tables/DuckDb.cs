using System.Data;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace MerBench.Host.Results.Tables;

/// <summary>A DuckDB database in memory, and how values are written in its SQL.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    /// <exception cref="UserErrorException">The application comes without DuckDB's native library
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    public DuckDb()
    {
        try
        {
            _connection.Open();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new UserErrorException(
                $"DuckDB's native library, which reads and writes tables of results, does not come with this package for "
                    + $"{RuntimeInformation.RuntimeIdentifier}. Use a platform that MerBench has a package for (docs/platforms.md), or "
                    + "put the library of DuckDB.NET.Bindings.Full for this one beside merbench.dll.",
                ErrorKind.Environment,
                e
            );
        }
        Execute("SET enable_progress_bar = false");
    }

    // SQL ends where a zero stands.
    public static string Text(string value)
    {
        IEnumerable<string> parts = value.Split('\0').Select(part => $"'{part.Replace("'", "''", StringComparison.Ordinal)}'");
        return value.Contains('\0', StringComparison.Ordinal) ? $"({string.Join(" || chr(0) || ", parts)})" : parts.Single();
    }

    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";

    public static string Struct(IEnumerable<KeyValuePair<string, string>> values) =>
        $"{{{string.Join(", ", values.Select(v => $"{Text(v.Key)}: {Text(v.Value)}"))}}}";

    public void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Append<T>(string table, IEnumerable<T> rows, Action<IDuckDBAppenderRow, T> append)
    {
        using DuckDBAppender appender = _connection.CreateAppender(table);
        foreach (T row in rows)
        {
            IDuckDBAppenderRow next = appender.CreateRow();
            append(next, row);
            next.EndRow();
        }
    }

    /// <summary>Reads rows one after the other.</summary>
    public IEnumerable<T> Read<T>(string sql, Func<IDataRecord, T> row)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
            yield return row(reader);
    }

    public QueryResult Query(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        QueryColumn[] columns =
        [
            .. Enumerable.Range(0, reader.FieldCount).Select(i => new QueryColumn(reader.GetName(i), reader.GetFieldType(i))),
        ];
        var rows = new List<IReadOnlyList<object?>>();
        while (reader.Read())
            rows.Add([.. columns.Select((_, i) => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return new QueryResult(columns, rows);
    }

    /// <summary>The key-value metadata of a Parquet file.</summary>
    public IReadOnlyDictionary<string, string> Metadata(string parquet) =>
        Read(
                $"SELECT decode(key), decode(value) FROM parquet_kv_metadata({Text(parquet)})",
                r => KeyValuePair.Create(r.GetString(0), r.GetString(1))
            )
            .ToDictionary(StringComparer.Ordinal);

    public void Dispose() => _connection.Dispose();
}
