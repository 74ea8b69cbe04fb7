using DuckDB.NET.Data;
using MerBench.Host;
using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Queries;

/// <summary>An answer whose every value can be shown, see <see cref="ShownColumn"/>.</summary>
internal static class ShownAnswer
{
    /// <exception cref="DuckDBException">The SQL is wrong.</exception>
    /// <exception cref="UserErrorException">A value cannot be shown.</exception>
    public static QueryResult Ask(DuckDb database, string sql)
    {
        if (Columns(database, sql) is not { } columns || columns.TrueForAll(c => c.Shown.Kind == ShownKind.Value))
            return AskAsIs(database, sql);
        IEnumerable<string> names = columns.Select((_, i) => Column(i));
        QueryResult answer = database.Query(
            $"SELECT {string.Join(", ", columns.Select(c => c.Shown.Sql))} FROM (\n{Bare(sql)}\n) AS answer({string.Join(", ", names)})"
        );
        return answer with
        {
            Columns = [.. answer.Columns.Zip(columns, (c, shown) => new QueryColumn(shown.Name, c.Type, shown.Shown.Kind))],
        };
    }

    // Null where the question is none that can stand within another.
    private static List<(string Name, ShownColumn Shown)>? Columns(DuckDb database, string sql)
    {
        try
        {
            return
            [
                .. database
                    .Read(
                        $"SELECT column_name, column_type FROM (DESCRIBE\n{Bare(sql)}\n)",
                        r => (Name: r.GetString(0), Type: r.GetString(1))
                    )
                    .Select((c, i) => (c.Name, ShownColumn.Create(c.Type, Column(i)))),
            ];
        }
        catch (DuckDBException)
        {
            return null;
        }
    }

    private static QueryResult AskAsIs(DuckDb database, string sql)
    {
        try
        {
            return database.Query(sql);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new UserErrorException(
                $"the answer has a value that cannot be shown: {e.Message} Ask for it as text: x::varchar.",
                inner: e
            );
        }
    }

    private static string Column(int index) => FormattableString.Invariant($"c{index}");

    private static string Bare(string sql) => sql.Trim().TrimEnd(';');
}
