using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MerBench.Host.Runs.Progress;

/// <summary>How <c>progress.json</c> is written: JSON whose last field is the SHA-256 of all that stands before it.</summary>
internal static class ProgressFile
{
    private const string Field = ",\n  \"checksum\": \"",
        End = "\"\n}";

    public static byte[] Write(RunStatus status)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(status, ProgressJson.Written)[..^"\n}".Length];
        return [.. content, .. Encoding.UTF8.GetBytes($"{Field}{Checksum(content)}{End}")];
    }

    /// <summary>Null where it is not as it was written; versions up to 0.1 wrote no checksum.</summary>
    public static RunStatus? Read(byte[] file)
    {
        int end = file.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(Field));
        if (end >= 0 && !file.AsSpan(end).SequenceEqual(Encoding.UTF8.GetBytes($"{Field}{Checksum(file.AsSpan(0, end))}{End}")))
            return null;
        try
        {
            var status = JsonSerializer.Deserialize<RunStatus>(file, ProgressJson.Written);
            return
                status
                    is {
                        Benchmark: not null,
                        Process.Host: not null,
                        Cells: not null,
                        ModelsToTrain: not null,
                        Now: not null,
                        Lines: not null
                    }
                ? status
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Checksum(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
