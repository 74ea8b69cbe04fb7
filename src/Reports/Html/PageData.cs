using System.Globalization;
using System.Text;
using System.Text.Json;
using MerBench.Host.Results.Tables;
using MerBench.Host.Text;

namespace MerBench.Reports.Html;

/// <summary>A table that charts and tables of a page share. Columns named model, perturbation and emotion are those that the page's filters
/// act on.</summary>
/// <param name="Name">How charts and tables refer to it.</param>
/// <param name="Columns">Names and values: text, numbers, truth values or null, as many in each column.</param>
public sealed record PageData(string Name, IReadOnlyList<KeyValuePair<string, IReadOnlyList<object?>>> Columns)
{
    /// <summary>The emotion of rows that hold means over emotions.</summary>
    public const string AllEmotions = "all";

    public int Rows => Columns.Count == 0 ? 0 : Columns[0].Value.Count;

    public static PageData Create<T>(
        string name,
        IReadOnlyCollection<T> rows,
        params IReadOnlyList<(string Name, Func<T, object?> Value)> columns
    ) => new(name, [.. columns.Select(c => KeyValuePair.Create(c.Name, (IReadOnlyList<object?>)[.. rows.Select(c.Value)]))]);

    public static PageData Create(string name, QueryResult result) =>
        new(
            name,
            [.. result.Columns.Select((c, i) => KeyValuePair.Create(c.Name, (IReadOnlyList<object?>)[.. result.Rows.Select(r => r[i])]))]
        );

    /// <summary>The element that holds the table: column by column, numbers with five digits, text that repeats as a dictionary and
    /// indices.</summary>
    internal Markup Script()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach ((string column, IReadOnlyList<object?> values) in Columns)
            {
                json.WritePropertyName(column);
                if (values.All(v => v is string or null) && values.Distinct().Count() * 2 < values.Count)
                    WriteDictionary(json, values);
                else
                    WriteArray(json, values);
            }

            json.WriteEndObject();
        }

        return Markup.Format(
            $"<script type=\"application/json\" data-table=\"{Name}\">{Markup.Raw(Encoding.UTF8.GetString(stream.ToArray()))}</script>\n"
        );
    }

    private static void WriteDictionary(Utf8JsonWriter json, IReadOnlyList<object?> values)
    {
        string[] distinct = [.. values.OfType<string>().Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> index = distinct.Select((v, i) => (v, i)).ToDictionary(p => p.v, p => p.i, StringComparer.Ordinal);
        json.WriteStartObject();
        json.WritePropertyName("values");
        WriteArray(json, distinct);
        json.WritePropertyName("index");
        WriteArray(json, [.. values.Select(v => v is string text ? (object?)index[text] : null)]);
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, IReadOnlyList<object?> values)
    {
        json.WriteStartArray();
        foreach (object? value in values)
        {
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case string text:
                    json.WriteStringValue(GuestText.EscapeLines(text));
                    break;
                case bool truth:
                    json.WriteBooleanValue(truth);
                    break;
                case double or float:
                    double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                    if (double.IsFinite(number))
                        json.WriteRawValue(number.ToString("G5", CultureInfo.InvariantCulture));
                    else
                        json.WriteNullValue();
                    break;
                case IFormattable other:
                    json.WriteRawValue(other.ToString(null, CultureInfo.InvariantCulture));
                    break;
                default:
                    throw new ArgumentException($"A page's data cannot hold a {value.GetType().Name}.", nameof(values));
            }
        }

        json.WriteEndArray();
    }
}
