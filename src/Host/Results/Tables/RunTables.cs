using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using MerBench.Host.IO;

namespace MerBench.Host.Results.Tables;

/// <summary>The tables of a run as Parquet files in its results folder: clips, cells, metrics, training.</summary>
internal static class RunTables
{
    public const string Cells = "cells.parquet",
        Clips = "clips.parquet",
        Metrics = "metrics.parquet",
        Training = "training.parquet";

    public static void Write(RunResults results, ResultStore store, string folder)
    {
        IReadOnlyDictionary<string, string> provenance = Provenance.Describe(results);
        AtomicFile.Write(Path.Combine(folder, Cells), CellTable.Create(results, provenance));
        AtomicFile.Write(Path.Combine(folder, Metrics), MetricRows.Create(results, provenance));
        AtomicFile.Write(Path.Combine(folder, Training), TrainingTable.Create(results, provenance));
        WriteClips(results, store, Path.Combine(folder, Clips), provenance);
    }

    // Cells of different models and domains have different columns; each row is given the names of its cell, which are not part of the
    // cell's key.
    private static void WriteClips(RunResults results, ResultStore store, string path, IReadOnlyDictionary<string, string> provenance)
    {
        var files = results
            .Cells.Where(c => c.Result is not null)
            .Select(c => (Cell: c, File: store.FindClips(c.Result!.Key)))
            .Where(c => c.File is not null)
            .ToList();
        if (files.Count == 0)
        {
            File.Delete(path);
            return;
        }

        using var database = new DuckDb();
        database.Execute(
            "CREATE TABLE cell_files (place INTEGER, file VARCHAR, cell VARCHAR, model VARCHAR, perturbation VARCHAR, strength VARCHAR, "
                + "seed INTEGER)"
        );
        database.Append(
            "cell_files",
            files.Select((f, place) => (f.Cell, f.File, Place: place)),
            (row, f) =>
                row.AppendValue(f.Place)
                    .AppendValue(f.File)
                    .AppendValue(f.Cell.Name)
                    .AppendValue(f.Cell.Model)
                    .AppendValue(f.Cell.Perturbation)
                    .AppendValue(f.Cell.Strength)
                    .AppendValue(f.Cell.Seed)
        );
        string temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, TemporaryName.Create());
        try
        {
            database.Execute(
                $"""
                COPY (
                    SELECT cell, model, perturbation, strength, seed, clips.* EXCLUDE (filename, file_row_number)
                    FROM read_parquet({DuckDb.List(
                    files.Select(f => f.File!).Distinct(StringComparer.Ordinal)
                )}, union_by_name = true, filename = true, file_row_number = true) AS clips
                    JOIN cell_files ON file = filename
                    ORDER BY place, file_row_number)
                TO {DuckDb.Text(temporary)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {DuckDb.Struct(
                    WithColumns(provenance, database, files.Select(f => f.File!))
                )})
                """
            );
            AtomicFile.MoveInto(temporary, path);
        }
        catch (Exception e) when (DiskException.CanExplain(e) || e is DuckDBException { ErrorType: DuckDBErrorType.Io })
        {
            throw DiskException.Explain(path, e);
        }
        finally
        {
            TemporaryName.Delete(temporary);
        }
    }

    // What columns mean, of all files: some measure more than others.
    private static Dictionary<string, string> WithColumns(
        IReadOnlyDictionary<string, string> provenance,
        DuckDb database,
        IEnumerable<string> files
    )
    {
        var meanings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            string columns = database.Metadata(file).GetValueOrDefault("merbench.columns", "{}");
            foreach ((string column, string meaning) in JsonSerializer.Deserialize<Dictionary<string, string>>(columns)!)
                meanings.TryAdd(column, meaning);
        }

        return new(provenance, StringComparer.Ordinal)
        {
            ["merbench.schema"] = "1",
            ["merbench.columns"] = JsonSerializer.Serialize(meanings),
        };
    }
}
