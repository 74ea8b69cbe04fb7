using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Results;

namespace MerBench.Analysis.Audit;

/// <summary>Writes logs in MerBench's own format; docs/audit.md lists its columns.</summary>
public static class NeutralLogWriter
{
    /// <summary>Writes logs of one study as one file, which reads back as the same logs.</summary>
    /// <param name="path">A <c>.csv</c> or <c>.parquet</c> file; replaced when it is there.</param>
    /// <exception cref="UserErrorException">The name ends otherwise, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<ClipLog> logs)
    {
        try
        {
            AtomicFile.Write(
                path,
                Path.GetExtension(path).ToUpperInvariant() switch
                {
                    ".CSV" => NeutralLogFormat.ToTable(logs).ToCsv(),
                    ".PARQUET" => NeutralLogFormat.ToTable(logs).ToParquet(metadata: null),
                    _ => throw new UserErrorException($"{path}: attack logs are written as .csv or .parquet."),
                }
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be written: {e.Message}", inner: e);
        }
    }
}
