using System.Globalization;
using System.Text;
using System.Text.Json;
using MerBench.Host;
using MerBench.Host.IO;

namespace MerBench.Analysis.Snapshots;

/// <summary>
/// The pair of files beside a benchmark, by the conventions of Verify: <c>NAME.verified.json</c> is what was accepted and belongs into
/// version control, <c>NAME.received.json</c> is what a run found
/// instead and does not. UTF-8 with a byte order mark, LF, no newline at the end.
/// </summary>
public static class SnapshotFile
{
    public const string VerifiedSuffix = ".verified.json",
        ReceivedSuffix = ".received.json";

    private static readonly UTF8Encoding WithMark = new(encoderShouldEmitUTF8Identifier: true);

    public static string Verified(string benchmarkFile) => Path.ChangeExtension(Path.GetFullPath(benchmarkFile), null) + VerifiedSuffix;

    public static string Received(string benchmarkFile) => Path.ChangeExtension(Path.GetFullPath(benchmarkFile), null) + ReceivedSuffix;

    /// <summary>Reads a snapshot; null where there is none.</summary>
    /// <exception cref="UserErrorException">The file is no snapshot.</exception>
    public static Snapshot? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            Snapshot? snapshot = JsonSerializer.Deserialize<Snapshot>(File.ReadAllText(path), ResultJson.Options);
            if (snapshot is { Schema: Snapshot.CurrentSchema, Cells: not null, Clips: not null, Models: not null, Environment: not null })
                return snapshot;
            throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}:1:1: no snapshot of layout {Snapshot.CurrentSchema}, but "
                        + $"{(snapshot is null or { Schema: 0 } ? "something else" : $"of layout {snapshot.Schema}")}. Write it anew "
                        + $"with 'merbench verify --accept'."
                )
            );
        }
        catch (JsonException e)
        {
            throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: no snapshot can be read "
                        + $"here{(e.Path is { Length: > 1 } at ? $", at {at}" : "")}. Restore the file from version control, or write it "
                        + $"anew with 'merbench verify --accept'."
                ),
                inner: e
            );
        }
    }

    public static void Write(string path, Snapshot snapshot)
    {
        string text = CanonicalJson.Format(JsonSerializer.SerializeToElement(snapshot, ResultJson.Options));
        AtomicFile.Write(path, [.. WithMark.Preamble, .. Encoding.UTF8.GetBytes(text)]);
    }

    /// <summary>Moves the received file over the verified one.</summary>
    /// <returns>False where nothing was received.</returns>
    /// <exception cref="UserErrorException">The received file is no snapshot.</exception>
    public static bool Accept(string benchmarkFile)
    {
        if (Read(Received(benchmarkFile)) is null)
            return false;
        File.Move(Received(benchmarkFile), Verified(benchmarkFile), overwrite: true);
        return true;
    }

    /// <summary>Verified files in a folder whose benchmark is gone.</summary>
    public static IReadOnlyList<string> Dangling(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*" + VerifiedSuffix)
                .Where(f => !new[] { ".yaml", ".yml" }.Any(extension => File.Exists(f[..^VerifiedSuffix.Length] + extension)))
                .Order(StringComparer.Ordinal),
        ];
}
