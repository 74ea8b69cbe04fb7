using System.Globalization;
using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Queries;

/// <summary>
/// A column of an answer as SQL that gives what is shown: numbers, truths and text as they are; dates, times and durations by ISO 8601;
/// bytes in hexadecimal; what has parts as JSON.
/// </summary>
/// <param name="Sql">Over the column.</param>
/// <param name="Kind">What the SQL gives.</param>
internal sealed record ShownColumn(string Sql, ShownKind Kind)
{
    // Numbers of .NET have no more.
    private const int MostDigits = 28;

    /// <param name="type">As DuckDB describes it.</param>
    /// <param name="column">SQL that names the column.</param>
    public static ShownColumn Create(string type, string column)
    {
        var read = ColumnType.Parse(type);
        if (read.Parts.Count > 0)
            return new ShownColumn($"CASE WHEN {column} IS NOT NULL THEN {Json(read, column, 0)} END", ShownKind.Json);
        if (read.Name == "JSON")
            return new ShownColumn($"{column}::VARCHAR", ShownKind.Json);
        if (IsLongNumber(read))
            return new ShownColumn($"{column}::VARCHAR", ShownKind.Number);
        return Text(read, column) is { } text ? new ShownColumn(text, ShownKind.Text) : new ShownColumn(column, ShownKind.Value);
    }

    private static bool IsLongNumber(ColumnType type) =>
        type.Name == "DECIMAL" && int.Parse(type.Arguments.Split(',')[0], CultureInfo.InvariantCulture) > MostDigits;

    // JSON as text, «null» for NULL.
    private static string Json(ColumnType type, string value, int depth)
    {
        string inner = type.Name switch
        {
            ColumnType.List => JsonOfList(type.Parts[0].Type, value, depth),
            ColumnType.Map => JsonOfMap(type.Parts[0].Type, type.Parts[1].Type, value, depth),
            ColumnType.Struct => JsonOfStruct(type.Parts, value, depth),
            ColumnType.Union => JsonOfUnion(type.Parts, value, depth),
            "JSON" => $"{value}::VARCHAR",
            // JSON has neither infinity nor NaN.
            "DOUBLE" or "FLOAT" => $"CASE WHEN isfinite({value}) THEN to_json({value})::VARCHAR END",
            _ => $"to_json({Text(type, value) ?? value})::VARCHAR",
        };
        return $"CASE WHEN {value} IS NULL THEN 'null' ELSE coalesce({inner}, 'null') END";
    }

    private static string JsonOfList(ColumnType item, string value, int depth)
    {
        string each = FormattableString.Invariant($"e{depth}");
        return $"'[' || array_to_string(list_transform({value}, lambda {each}: {Json(item, each, depth + 1)}), ',') || ']'";
    }

    private static string JsonOfMap(ColumnType key, ColumnType item, string value, int depth)
    {
        string each = FormattableString.Invariant($"e{depth}"),
            name = key.Parts.Count > 0 ? Json(key, $"{each}.key", depth + 1) : $"({Text(key, $"{each}.key") ?? $"{each}.key"})::VARCHAR";
        return $"'{{' || array_to_string(list_transform(map_entries({value}), lambda {each}: to_json({name})::VARCHAR || ':' || "
            + $"{Json(item, $"{each}.value", depth + 1)}), ',') || '}}'";
    }

    private static string JsonOfStruct(IReadOnlyList<(string Field, ColumnType Type)> fields, string value, int depth)
    {
        IEnumerable<string> written = fields.Select(
            (field, i) =>
            {
                string name = field.Field.Length > 0 ? field.Field : (i + 1).ToString(CultureInfo.InvariantCulture),
                    part = FormattableString.Invariant($"struct_extract_at({value}, {i + 1})");
                return $"to_json({DuckDb.Text(name)})::VARCHAR || ':' || {Json(field.Type, part, depth)}";
            }
        );
        return $"'{{' || {string.Join(" || ',' || ", written)} || '}}'";
    }

    private static string JsonOfUnion(IReadOnlyList<(string Field, ColumnType Type)> tags, string value, int depth)
    {
        IEnumerable<string> cases = tags.Select(tag =>
            $"WHEN {DuckDb.Text(tag.Field)} THEN {Json(tag.Type, $"union_extract({value}, {DuckDb.Text(tag.Field)})", depth)}"
        );
        return $"CASE union_tag({value})::VARCHAR {string.Join(' ', cases)} END";
    }

    // Null where .NET has a type of its own, whose text is the same everywhere.
    private static string? Text(ColumnType type, string value) =>
        type.Name switch
        {
            "DATE" or "TIME" or "TIME_NS" => $"{value}::VARCHAR",
            "TIME WITH TIME ZONE" => WithMinutes($"{value}::VARCHAR"),
            "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => WithT($"{value}::VARCHAR"),
            "TIMESTAMP WITH TIME ZONE" => WithMinutes(WithT($"{value}::VARCHAR")),
            "INTERVAL" => Duration(value),
            "BLOB" => $"lower(hex({value}))",
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" => null,
            "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" => null,
            "FLOAT" or "DOUBLE" or "DECIMAL" or "BIGNUM" or "BOOLEAN" or "VARCHAR" or "NULL" => null,
            // Enumerations, identifiers, bits, and what comes with later versions.
            _ => $"{value}::VARCHAR",
        };

    private static string WithT(string text) => $"regexp_replace({text}, '^(\\S+) (\\d\\d:)', '\\1T\\2')";

    private static string WithMinutes(string text) => $"regexp_replace({text}, '([+-]\\d\\d)$', '\\1:00')";

    private static string Duration(string value)
    {
        string Part(string name, string unit) =>
            $"CASE WHEN datepart('{name}', {value}) <> 0 THEN datepart('{name}', {value}) || '{unit}' ELSE '' END";
        string micros = $"datepart('microsecond', {value})",
            seconds =
                $"CASE WHEN {micros} <> 0 THEN CASE WHEN {micros} < 0 THEN '-' ELSE '' END || "
                + $"rtrim(rtrim(printf('%d.%06d', abs({micros}) // 1000000, abs({micros}) % 1000000), '0'), '.') || 'S' ELSE '' END",
            date = $"{Part("year", "Y")} || {Part("month", "M")} || {Part("day", "D")}",
            time = $"{Part("hour", "H")} || {Part("minute", "M")} || {seconds}";
        return $"CASE WHEN {value} IS NULL THEN NULL WHEN ({date} || {time}) = '' THEN 'PT0S' ELSE 'P' || {date} || "
            + $"CASE WHEN ({time}) <> '' THEN 'T' || {time} ELSE '' END END";
    }
}
