using System.Globalization;
using CsvHelper;
using MerBench.Host.IO;
using Parquet;
using Parquet.Schema;

namespace MerBench.Host.Audit;

/// <summary>Writes logs in MerBench's own format; docs/audit.md lists its columns. What no row knows has no column.</summary>
public static class NeutralLogWriter
{
    /// <summary>Writes logs of one study as one file, which reads back as the same logs.</summary>
    /// <param name="path">A <c>.csv</c> or <c>.parquet</c> file; replaced when it is there.</param>
    /// <exception cref="UserErrorException">The name ends otherwise, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<AttackLog> logs)
    {
        (AttackLog Log, AttackLogRow Row)[] rows = [.. logs.SelectMany(l => l.Rows.Select(r => (l, r)))];
        Column[] columns = [.. Columns(logs[0].Emotions).Where(c => rows.Any(r => c.Value(r.Log, r.Row) is not null))];
        try
        {
            AtomicFile.Write(
                path,
                Path.GetExtension(path).ToUpperInvariant() switch
                {
                    ".CSV" => Csv(columns, rows),
                    ".PARQUET" => ParquetFile(columns, rows).GetAwaiter().GetResult(),
                    _ => throw new UserErrorException($"{path}: attack logs are written as .csv or .parquet."),
                }
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be written: {e.Message}", inner: e);
        }
    }

    private static IEnumerable<Column> Columns(IReadOnlyList<string> emotions) =>
        [
            new("system", typeof(string), (log, _) => log.System),
            new("seed", typeof(int), (log, _) => log.Seed),
            new("clip", typeof(string), (_, row) => row.Clip),
            .. Side(NeutralLogFormat.Rating, emotions, row => row.Rating),
            .. Side(NeutralLogFormat.Clean, emotions, row => row.Clean),
            .. Side(NeutralLogFormat.Perturbed, emotions, row => row.Perturbed),
            new("l2", typeof(double), (_, row) => row.L2),
            new("linf", typeof(double), (_, row) => row.Linf),
            new("snr_db", typeof(double), (_, row) => row.SnrDb),
            new("converged", typeof(bool), (_, row) => row.Converged),
            new("threshold", typeof(double), (_, row) => row.Threshold),
            new("budget_l2", typeof(double), (_, row) => row.BudgetL2),
            new("budget_linf", typeof(double), (_, row) => row.BudgetLinf),
        ];

    private static IEnumerable<Column> Side(string prefix, IReadOnlyList<string> emotions, Func<AttackLogRow, double[]> numbers) =>
        emotions.Select((emotion, i) => new Column(prefix + emotion, typeof(double), (_, row) => numbers(row)[i]));

    private static byte[] Csv(IReadOnlyList<Column> columns, IEnumerable<(AttackLog Log, AttackLogRow Row)> rows)
    {
        using var stream = new MemoryStream();
        using (CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            writer.WriteHeader([.. columns.Select(c => c.Name)]);
            foreach ((AttackLog log, AttackLogRow row) in rows)
                writer.WriteRecord([.. columns.Select(c => Convert.ToString(c.Value(log, row), CultureInfo.InvariantCulture) ?? "")]);
        }

        return stream.ToArray();
    }

    private static async Task<byte[]> ParquetFile(IReadOnlyList<Column> columns, (AttackLog Log, AttackLogRow Row)[] rows)
    {
        DataField[] fields = [.. columns.Select(c => new DataField(c.Name, c.Type, isNullable: true))];
        using var stream = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            for (int i = 0; i < fields.Length; i++)
            {
                object?[] values = [.. rows.Select(r => columns[i].Value(r.Log, r.Row))];
                await (
                    columns[i].Type switch
                    {
                        var t when t == typeof(string) => group.WriteAsync(fields[i], values.Select(v => (string)v!).ToArray()),
                        var t when t == typeof(int) => group.WriteAsync<int>(fields[i], values.Select(v => (int?)v).ToArray()),
                        var t when t == typeof(bool) => group.WriteAsync<bool>(fields[i], values.Select(v => (bool?)v).ToArray()),
                        _ => group.WriteAsync<double>(fields[i], values.Select(v => (double?)v).ToArray()),
                    }
                );
            }
        }

        return stream.ToArray();
    }

    private sealed record Column(string Name, Type Type, Func<AttackLog, AttackLogRow, object?> Value);
}
