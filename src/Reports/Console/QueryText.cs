using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using MerBench.Host.IO;
using MerBench.Host.Results.Tables;
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
            writer.WriteHeader([.. result.Columns.Select(c => c.Name)]);
            foreach (IReadOnlyList<object?> row in result.Rows)
                writer.WriteRecord([.. row.Select(Whole)]);
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
    public static string Json(QueryResult result) =>
        new JsonArray([
            .. result.Rows.Select(row => new JsonObject(
                result.Columns.Zip(row, (column, value) => KeyValuePair.Create(column.Name, Node(value)))
            )),
        ]).ToJsonString(ResultJson.Options) + "\n";

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
            IEnumerable => Node(value)!.ToJsonString(),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private static JsonNode? Node(object? value) =>
        value switch
        {
            null => null,
            double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
            float number => float.IsFinite(number) ? JsonValue.Create(number) : null,
            string text => JsonValue.Create(text),
            IDictionary map => new JsonObject(map.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(Whole(e.Key), Node(e.Value)))),
            IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
            Int128 or UInt128 or System.Numerics.BigInteger => JsonNode.Parse(Whole(value)),
            _ => JsonSerializer.SerializeToNode(value, value.GetType()),
        };
}
