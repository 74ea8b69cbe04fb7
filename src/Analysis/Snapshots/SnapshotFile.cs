using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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

    // People resolve conflicts in these files by hand: what is missing, or null where something must be, is said with its place.
    private static readonly JsonSerializerOptions Strict = new(ResultJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

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
            string text = File.ReadAllText(path);
            RequireLayout(path, JsonSerializer.Deserialize<LayoutNumber>(text, ResultJson.Options)?.Schema ?? 0);
            Snapshot snapshot = JsonSerializer.Deserialize<Snapshot>(text, Strict)!;
            if (HoldsNull(snapshot))
                throw new JsonException("null stands where a value must be");
            return snapshot.Cells.FirstOrDefault(c => c.Value.Name != c.Key).Key is { } misnamed
                ? throw new JsonException("a cell is not what its name says", $"$.cells['{misnamed}']", null, null)
                : snapshot;
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

    private static void RequireLayout(string path, int schema)
    {
        if (schema == Snapshot.CurrentSchema)
            return;
        string instead = schema == 0 ? "something else" : string.Create(CultureInfo.InvariantCulture, $"of layout {schema}");
        throw new UserErrorException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{path}:1:1: no snapshot of layout {Snapshot.CurrentSchema}, but {instead}. Write it anew with 'merbench verify --accept'."
            )
        );
    }

    // The reader looks into no collection for that.
    private static bool HoldsNull(Snapshot snapshot) =>
        snapshot.Clips.Contains(null!)
        || snapshot.HigherIsBetter.Contains(null!)
        || snapshot.Cells.Values.Any(cell => cell is null || cell.CraftedOn.Contains(null!) || cell.Metrics.Values.Contains(null!));

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
        AtomicFile.MoveInto(Received(benchmarkFile), Verified(benchmarkFile));
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

    private sealed record LayoutNumber(int Schema);
}
