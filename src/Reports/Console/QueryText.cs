using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using MerBench.Host.IO;
using MerBench.Host.Results.Tables;
using MerBench.Host.Text;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Console;

/// <summary>The answer to a query as text.</summary>
public static class QueryText
{
    /// <summary>As a table for people: numbers with six significant digits.</summary>
    public static ReportTable Table(QueryResult result)
    {
        // Tables put text first; a query's columns stay where they are, so a table is text up to its last column of text.
        int textColumns = result.Columns.Select((c, i) => c.IsNumber ? 0 : i + 1).DefaultIfEmpty().Max();
        return new ReportTable(
            "",
            [.. result.Columns.Select(c => c.Name)],
            [.. result.Rows.Select(IReadOnlyList<string> (row) => [.. row.Select(Short)])],
            textColumns
        );
    }

    public static string Csv(QueryResult result)
    {
        using var stream = new MemoryStream();
        using (CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            writer.WriteHeader([.. result.Columns.Select(c => CsvText.Protect(c.Name))]);
            foreach (IReadOnlyList<object?> row in result.Rows)
                writer.WriteRecord([
                    .. row.Select((value, i) => result.Columns[i].IsNumber ? Whole(value) : CsvText.Protect(Whole(value))),
                ]);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static string Markdown(QueryResult result)
    {
        var text = new StringBuilder();
        Table(result).AppendMarkdown(text);
        return text.ToString();
    }

    /// <summary>An array of objects, one a row. JSON has no infinity: such numbers are null.</summary>
    public static string Json(QueryResult result)
    {
        string[] names = [.. Distinct(result.Columns)];
        using var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions
                {
                    Indented = true,
                    NewLine = "\n",
                    Encoder = ResultJson.Options.Encoder,
                }
            )
        )
        {
            json.WriteStartArray();
            foreach (IReadOnlyList<object?> row in result.Rows)
            {
                json.WriteStartObject();
                for (int column = 0; column < names.Length; column++)
                {
                    json.WritePropertyName(names[column]);
                    Write(json, row[column], result.Columns[column].Kind);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }

    // Two columns may have one name; two members of an object may not.
    private static IEnumerable<string> Distinct(IEnumerable<QueryColumn> columns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (QueryColumn column in columns)
        {
            string name = column.Name;
            for (int number = 1; !taken.Add(name); number++)
                name = FormattableString.Invariant($"{column.Name}_{number}");
            yield return name;
        }
    }

    private static void Write(Utf8JsonWriter json, object? value, ShownKind kind)
    {
        if (
            value
            is null
                or double.NaN
                or double.PositiveInfinity
                or double.NegativeInfinity
                or (float and not (> float.NegativeInfinity and < float.PositiveInfinity))
        )
            json.WriteNullValue();
        else if (kind is ShownKind.Json or ShownKind.Number || value is Int128 or UInt128 or System.Numerics.BigInteger)
            json.WriteRawValue(Whole(value));
        else
            JsonSerializer.Serialize(json, value, value.GetType());
    }

    private static string Short(object? value) =>
        value switch
        {
            double number => number.ToString("g6", CultureInfo.InvariantCulture),
            float number => number.ToString("g6", CultureInfo.InvariantCulture),
            _ => Whole(value),
        };

    private static string Whole(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            bool truth => truth ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
