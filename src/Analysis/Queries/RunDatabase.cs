using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Queries;

/// <summary>
/// One or many runs as tables for SQL: <c>runs</c>, <c>cells</c>, <c>clips</c>, <c>metrics</c>, <c>training</c>, and of clips
/// <c>predictions</c>, which has a row a clip and emotion, and <c>errors</c>, which has their mean over emotions. Each has a column
/// <c>run</c>.
/// docs/results.md describes them.
/// </summary>
public sealed class RunDatabase : IDisposable
{
    /// <summary>The tables, in the order in which they are described.</summary>
    public static readonly IReadOnlyList<string> Tables = ["runs", "cells", "metrics", "clips", "predictions", "errors", "training"];

    private const string Empty = "the question is empty; ask such as 'select * from cells'.";

    private static readonly string[] CellColumns = ["cell", "model", "perturbation", "strength", "seed"];

    private static readonly (string Column, string Meaning)[] RunColumns =
    [
        ("folder", "folder of the results"),
        ("benchmark", "name of the benchmark"),
        ("file", "name of the benchmark file"),
        ("commit", "git commit of that file, with +changes where it differs"),
        ("command", "command line"),
        ("started", "when, UTC"),
        ("seconds", "wall time of the run"),
        ("seeds", "seeds by comma"),
        ("version", "of MerBench"),
        ("contract", "version of the plugin contract"),
        ("libtorch", "version of libtorch"),
        ("device", "cpu, or cuda:N"),
        ("processor", "name of the processor"),
        ("threads", "threads of torch"),
        ("runtime", "version of .NET"),
        ("os", "operating system"),
        ("dataset", "id of the dataset"),
        ("dataset-fingerprint", "SHA-256 of the dataset's content"),
        ("scale", "where ratings come from"),
        ("minimum", "low end of the rating scale"),
        ("maximum", "high end of it"),
        ("plugins", "plugins with the SHA-256 of their assemblies"),
    ];

    private readonly DuckDb _database = new();
    private readonly Dictionary<(string Table, string Column), string> _meanings = [];
    private readonly Dictionary<string, string> _names;

    private RunDatabase(IReadOnlyList<RunFolder> runs) =>
        _names = Named(runs).ToDictionary(r => r.Run.Path, r => r.Name, StringComparer.Ordinal);

    /// <summary>Whether any run has clips, and so tables of them.</summary>
    internal bool HasClips { get; private set; }

    /// <summary>The database itself, for questions with tables of their own.</summary>
    internal DuckDb Sql => _database;

    /// <exception cref="UserErrorException">A table cannot be read.</exception>
    public static RunDatabase Open(IReadOnlyList<RunFolder> runs)
    {
        var database = new RunDatabase(runs);
        try
        {
            (string Name, RunFolder Run)[] named = [.. runs.DistinctBy(r => r.Path).Select(r => (database.NameOf(r), r))];
            database.CreateRuns(named);
            database.CreateView("cells", named.Select(r => (r.Name, r.Run.CellsPath)));
            database.CreateView("metrics", named.Select(r => (r.Name, r.Run.MetricsPath)));
            database.CreateView("training", named.Select(r => (r.Name, r.Run.TrainingPath)));
            (string Name, string ClipsPath)[] clips =
            [
                .. named.Select(r => (r.Name, r.Run.ClipsPath)).Where(r => File.Exists(r.ClipsPath)),
            ];
            if (clips.Length > 0)
            {
                database.CreateView("clips", clips);
                database.CreateOfClips();
                database.HasClips = true;
            }

            return database;
        }
        catch (DuckDBException e)
        {
            database.Dispose();
            throw new UserErrorException(
                $"The tables of a run cannot be read: {e.Message.Trim()} Run the benchmark again; finished cells are kept.",
                inner: e
            );
        }
    }

    /// <summary>What a run is called in the column <c>run</c>.</summary>
    public string NameOf(RunFolder run) => _names[run.Path];

    /// <exception cref="UserErrorException">The SQL is wrong; the message says where.</exception>
    public QueryResult Query(string sql) => Explain(() => _database.Query(sql));

    /// <summary>Asks what a user wants to see: DuckDB writes what .NET has no type for.</summary>
    /// <exception cref="UserErrorException">The SQL is wrong; the message says where.</exception>
    public QueryResult Ask(string sql)
    {
        if (string.IsNullOrWhiteSpace(sql.Trim().Trim(';')))
            throw new UserErrorException(Empty);
        return Explain(() => ShownAnswer.Ask(_database, sql));
    }

    private static QueryResult Explain(Func<QueryResult> ask)
    {
        try
        {
            return ask();
        }
        catch (DuckDBException e)
        {
            // DuckDB has no words for a question that is all comment.
            string reason = e.Message.StartsWith("External component", StringComparison.Ordinal) ? Empty : e.Message.Trim();
            throw new UserErrorException($"{reason}\n'merbench query --tables' lists tables and columns.", inner: e);
        }
    }

    /// <summary>All columns of all tables, with their types and meanings.</summary>
    public IReadOnlyList<ColumnDescription> Describe() =>
        [
            .. _database
                .Read(
                    "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index",
                    r => (Table: r.GetString(0), Column: r.GetString(1), Type: r.GetString(2))
                )
                .OrderBy(c => Tables.ToList().IndexOf(c.Table))
                .Select(c => new ColumnDescription(
                    c.Table,
                    c.Column,
                    c.Type.ToLowerInvariant(),
                    c.Column == "run" ? "name of the run: its folder" : _meanings.GetValueOrDefault((c.Table, c.Column), "")
                )),
        ];

    public void Dispose() => _database.Dispose();

    // Runs of one name in several folders are told apart by their paths.
    private static IEnumerable<(string Name, RunFolder Run)> Named(IReadOnlyList<RunFolder> runs)
    {
        var distinct = runs.DistinctBy(r => r.Path).ToList();
        return distinct.Select(r =>
            (distinct.Count(o => o.Name == r.Name) == 1 ? r.Name : Path.GetRelativePath(Environment.CurrentDirectory, r.Source), r)
        );
    }

    private void CreateRuns((string Name, RunFolder Run)[] runs)
    {
        _database.Execute(
            """
            CREATE TABLE runs (
                run VARCHAR, folder VARCHAR, benchmark VARCHAR, file VARCHAR, "commit" VARCHAR, command VARCHAR,
                started TIMESTAMP, seconds DOUBLE, seeds VARCHAR, version VARCHAR, contract VARCHAR, libtorch VARCHAR,
                device VARCHAR, processor VARCHAR, threads INTEGER, runtime VARCHAR, os VARCHAR,
                dataset VARCHAR, "dataset-fingerprint" VARCHAR, scale VARCHAR, minimum DOUBLE, maximum DOUBLE, plugins VARCHAR)
            """
        );
        string[] columns =
        [
            .. _database.Read(
                "SELECT column_name FROM duckdb_columns() WHERE table_name = 'runs' ORDER BY column_index",
                r => r.GetString(0)
            ),
        ];
        foreach ((string column, string meaning) in RunColumns)
            _meanings[("runs", column)] = meaning;
        foreach ((string name, RunFolder run) in runs)
        {
            IReadOnlyDictionary<string, string> facts = _database.Metadata(run.CellsPath);
            IEnumerable<string> values = columns
                .Skip(2)
                .Select(c => facts.TryGetValue($"merbench.{c}", out string? fact) ? DuckDb.Text(fact) : "NULL");
            _database.Execute($"INSERT INTO runs VALUES ({DuckDb.Text(name)}, {DuckDb.Text(run.Source)}, {string.Join(", ", values)})");
        }
    }

    private void CreateView(string table, IEnumerable<(string Run, string File)> files)
    {
        (string Run, string File)[] all = [.. files];
        IEnumerable<string> parts = all.Select(f => $"SELECT {DuckDb.Text(f.Run)} AS run, * FROM read_parquet({DuckDb.Text(f.File)})");
        _database.Execute($"CREATE VIEW {table} AS {string.Join(" UNION ALL BY NAME ", parts)}");
        foreach ((_, string file) in all)
        {
            foreach (
                KeyValuePair<string, string> column in JsonSerializer.Deserialize<Dictionary<string, string>>(
                    _database.Metadata(file).GetValueOrDefault("merbench.columns", "{}")
                )!
            )
                _meanings.TryAdd((table, column.Key), column.Value);
        }
    }

    private void CreateOfClips()
    {
        string[] columns = [.. _database.Read("SELECT column_name FROM duckdb_columns() WHERE table_name = 'clips'", r => r.GetString(0))];
        string[] emotions = [.. columns.Where(c => c.StartsWith("rating.", StringComparison.Ordinal)).Select(c => c["rating.".Length..])];
        _database.Execute(
            "CREATE VIEW predictions AS "
                + string.Join(
                    " UNION ALL ",
                    emotions.Select(e =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"SELECT run, {string.Join(", ", CellColumns)}, clip, {DuckDb.Text(e)} AS emotion, "
                                + $"{DuckDb.Name($"rating.{e}")} AS rating, {DuckDb.Name($"clean.{e}")} AS clean, "
                                + $"{DuckDb.Name($"perturbed.{e}")} AS perturbed FROM clips WHERE {DuckDb.Name($"rating.{e}")} IS NOT NULL"
                        )
                    )
                )
        );
        _database.Execute(
            $"""
            CREATE VIEW errors AS SELECT run, {string.Join(", ", CellColumns)}, clip,
                {ClipError.MeasureSql(emotions, "clean")} AS clean,
                {ClipError.MeasureSql(emotions, "perturbed")} AS perturbed,
                {ClipError.MeasureClippedSql(emotions, "clean")} AS clean_clipped,
                {ClipError.MeasureClippedSql(emotions, "perturbed")} AS perturbed_clipped
            FROM clips JOIN runs USING (run)
            """
        );
        foreach (
            (string table, string column, string meaning) in new[]
            {
                ("predictions", "clip", "id of the clip"),
                ("predictions", "emotion", "label of the dataset"),
                ("predictions", "rating", "what listeners rated"),
                ("predictions", "clean", "prediction for the clean clip"),
                ("predictions", "perturbed", "prediction for the perturbed clip"),
                ("errors", "clip", "id of the clip"),
                ("errors", "clean", "mean absolute error over emotions, clean clip"),
                ("errors", "perturbed", "mean absolute error over emotions, perturbed clip"),
                ("errors", "clean_clipped", "the same, predictions clipped to the rating scale"),
                ("errors", "perturbed_clipped", "the same, predictions clipped to the rating scale"),
            }
        )
            _meanings[(table, column)] = meaning;
        foreach (string column in CellColumns)
            _meanings[("clips", column)] =
                _meanings[("predictions", column)] =
                _meanings[("errors", column)] =
                    _meanings[("cells", column)];
    }
}

/// <param name="Type">As DuckDB names it.</param>
public sealed record ColumnDescription(string Table, string Name, string Type, string Meaning);
