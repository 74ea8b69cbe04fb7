using MerBench.Analysis.Queries;
using MerBench.Host.Results.Tables;

namespace MerBench.Tests.Queries;

/// <summary>What <c>merbench query</c> shows of types that .NET lacks, or has fewer values of.</summary>
public sealed class ShownAnswerTests
{
    [TestCase("{'a': 1}", """{"a":1}""")]
    [TestCase("{'a': {'b': [1, NULL]}, 'c': NULL}", """{"a":{"b":[1,null]},"c":null}""")]
    [TestCase("""{'say "hi"': 'x''y', 'b c': 2}""", """{"say \"hi\"":"x'y","b c":2}""")]
    [TestCase("row(1, date '2026-03-04')", """{"1":1,"2":"2026-03-04"}""")]
    [TestCase("map{'x': 1, 'y': NULL}", """{"x":1,"y":null}""")]
    [TestCase("map{date '2026-03-04': [1]}", """{"2026-03-04":[1]}""")]
    [TestCase("map{{'a': 1}: 2}", """{"{\"a\":1}":2}""")]
    [TestCase("map{'a': [map{'b': time '01:02:03'}]}", """{"a":[{"b":"01:02:03"}]}""")]
    [TestCase("histogram(x) FROM range(3) t(x)", """{"0":1,"1":1,"2":1}""")]
    [TestCase("t FROM range(1) t(x)", """{"x":0}""")]
    [TestCase("[1, NULL, 3]", "[1,null,3]")]
    [TestCase("[[1], [2, NULL], NULL]", "[[1],[2,null],null]")]
    [TestCase("[]", "[]")]
    [TestCase("array_value(1, 2)", "[1,2]")]
    [TestCase("array_value(timestamp '2026-03-04 01:02:03')", """["2026-03-04T01:02:03"]""")]
    [TestCase("['nan'::double, 'inf'::double, 0.5::double]", "[null,null,0.5]")]
    [TestCase("[1.50::decimal(10,2), 123456789012345678901234567890.12::decimal(38,2)]", "[1.50,123456789012345678901234567890.12]")]
    [TestCase("['a'::enum('a', ')'), NULL]", """["a",null]""")]
    [TestCase("{'e': 'b)'::enum('a,', 'b)'), 'd': 'infinity'::date}", """{"e":"b)","d":"infinity"}""")]
    [TestCase("[union_value(num := 2)]", "[2]")]
    [TestCase("union_value(num := 2)", "2")]
    [TestCase("union_value(d := [date '2026-03-04'])", """["2026-03-04"]""")]
    [TestCase("{'b': '\\xAA\\x00'::blob, 'i': interval 36 hour}", """{"b":"aa00","i":"PT36H"}""")]
    [TestCase("""'{"a": [1]}'::json""", """{"a": [1]}""")]
    public void What_has_parts_is_json(string value, string shown)
    {
        (object? found, QueryColumn column) = Show(value);
        Assert.That((found, column.Kind), Is.EqualTo(((object?)shown, ShownKind.Json)));
    }

    [TestCase("time '01:02:03'", "01:02:03")]
    [TestCase("time '01:02:03.456'", "01:02:03.456")]
    [TestCase("time '24:00:00'", "24:00:00")]
    [TestCase("timetz '01:02:03+02'", "01:02:03+02:00")]
    [TestCase("timetz '01:02:03-02:30'", "01:02:03-02:30")]
    [TestCase("date '2026-03-04'", "2026-03-04")]
    [TestCase("date '5877641-06-24'", "5877641-06-24")]
    [TestCase("'infinity'::date", "infinity")]
    [TestCase("timestamp '2026-03-04 01:02:03'", "2026-03-04T01:02:03")]
    [TestCase("timestamp_s '2026-03-04 01:02:03'", "2026-03-04T01:02:03")]
    [TestCase("timestamp_ms '2026-03-04 01:02:03.120'", "2026-03-04T01:02:03.12")]
    [TestCase("timestamp_ns '2026-03-04 01:02:03.123456789'", "2026-03-04T01:02:03.123456789")]
    [TestCase("timestamp '10000-01-01 00:00:00'", "10000-01-01T00:00:00")]
    [TestCase("'-infinity'::timestamptz", "-infinity")]
    [TestCase("interval 3 day", "P3D")]
    [TestCase("interval '1 year 2 months 3 days 04:05:06.789'", "P1Y2M3DT4H5M6.789S")]
    [TestCase("interval '-1 month'", "P-1M")]
    [TestCase("interval '-00:00:00.5'", "PT-0.5S")]
    [TestCase("interval 0 second", "PT0S")]
    [TestCase("'\\xAA\\x00b'::blob", "aa0062")]
    [TestCase("uuid '11111111-2222-3333-4444-555555555555'", "11111111-2222-3333-4444-555555555555")]
    [TestCase("'a'::enum('a', 'b')", "a")]
    [TestCase("'10101'::bit", "10101")]
    [TestCase("123456789012345678901234567890.12::decimal(38,2)", "123456789012345678901234567890.12")]
    [TestCase("{'a': 1}::variant", "{'a': 1}")]
    public void What_has_a_standard_is_written_by_it(string value, string shown) => Assert.That(Show(value).Value, Is.EqualTo(shown));

    [TestCase("time")]
    [TestCase("timetz")]
    [TestCase("date")]
    [TestCase("timestamptz")]
    [TestCase("interval")]
    [TestCase("blob")]
    [TestCase("int[]")]
    [TestCase("struct(a int, \"b \"\"c\" timestamp with time zone[3])")]
    [TestCase("map(varchar, int)")]
    [TestCase("union(a int, b date)")]
    [TestCase("decimal(38, 2)")]
    public void Nothing_is_nothing(string type) => Assert.That(Show($"NULL::{type}").Value, Is.Null);

    [TestCase("1.50::decimal(10,2)", "1.50")]
    [TestCase("170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727")]
    [TestCase("true", "True")]
    [TestCase("'x'", "x")]
    public void Numbers_and_text_stay_what_they_are(string value, string shown)
    {
        (object? found, QueryColumn column) = Show(value);
        Assert.That(
            (Convert.ToString(found, System.Globalization.CultureInfo.InvariantCulture), column.Kind),
            Is.EqualTo((shown, ShownKind.Value))
        );
    }

    [Test]
    public void Columns_keep_their_names_rows_their_order_and_comments_do_no_harm()
    {
        using var database = new DuckDb();
        QueryResult answer = ShownAnswer.Ask(
            database,
            "SELECT [x] AS \"a b\", x AS y, y FROM range(3) t(x) ORDER BY x DESC -- backwards\n;\n"
        );
        Assert.That(answer.Columns.Select(c => c.Name), Is.EqualTo(new[] { "a b", "y", "y" }));
        Assert.That(answer.Rows.Select(r => r[0]), Is.EqualTo(new[] { "[2]", "[1]", "[0]" }));
    }

    [TestCase("it's")]
    [TestCase("a\0b'\0")]
    public void Text_of_any_kind_can_be_written_in_sql(string text)
    {
        using var database = new DuckDb();
        Assert.That(database.Query($"SELECT {DuckDb.Text(text)}").Rows[0][0], Is.EqualTo(text));
    }

    [TestCase("DESCRIBE SELECT 1")]
    [TestCase("EXPLAIN SELECT {'a': 1}")]
    [TestCase("PRAGMA version")]
    [TestCase("FROM range(2)")]
    [TestCase("WITH x AS (SELECT 1) SELECT [1] FROM x")]
    [TestCase("VALUES ([1]), ([2])")]
    [TestCase("SUMMARIZE SELECT date '2026-03-04' AS d")]
    [TestCase("SHOW ALL TABLES")]
    public void Whatever_is_asked_has_an_answer(string sql)
    {
        using var database = new DuckDb();
        Assert.That(ShownAnswer.Ask(database, sql).Columns, Is.Not.Empty);
    }

    private static (object? Value, QueryColumn Column) Show(string value)
    {
        using var database = new DuckDb();
        QueryResult answer = ShownAnswer.Ask(database, $"SELECT {value}");
        return (answer.Rows[0][0], answer.Columns[0]);
    }
}
