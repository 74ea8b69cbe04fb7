using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Torch;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Keeps verdicts in the cache folder: one for each processor, libtorch file, set of relevant variables and version of MerBench.
/// </summary>
internal sealed class ArithmeticStore(string cacheFolder)
{
    private static readonly string[] RelevantPrefixes =
    [
        "ONEDNN_",
        "DNNL_",
        "MKL_",
        "OMP_",
        "KMP_",
        "GOMP_",
        "ATEN_",
        "TORCH_",
        OneDnn.Variable,
    ];

    /// <summary>The verdict of an earlier run, or null.</summary>
    public ArithmeticVerdict? Find(string machine)
    {
        try
        {
            var verdict = JsonSerializer.Deserialize<ArithmeticVerdict>(File.ReadAllBytes(PathFor(machine)), ResultJson.Options);
            return verdict?.Tries is { Count: > 0 } ? verdict : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Keep(string machine, ArithmeticVerdict verdict) =>
        AtomicFile.Write(PathFor(machine), JsonSerializer.SerializeToUtf8Bytes(verdict, ResultJson.Options));

    /// <summary>What a verdict holds for, in words: the processor, libtorch, the environment, MerBench.</summary>
    public static string Identify(string libTorchFile) =>
        string.Join(
            '\n',
            [
                ProcessorIdentity.Text,
                $"cores: {Environment.ProcessorCount}",
                DescribeFile(libTorchFile),
                .. Environment
                    .GetEnvironmentVariables()
                    .Cast<DictionaryEntry>()
                    .Select(v => $"{v.Key}={v.Value}")
                    .Where(v => RelevantPrefixes.Any(prefix => v.StartsWith(prefix, StringComparison.Ordinal)))
                    .Order(StringComparer.Ordinal),
                $"MerBench {ProductVersion.Text} {typeof(ArithmeticStore).Module.ModuleVersionId}",
            ]
        );

    private string PathFor(string machine) =>
        Path.Combine(cacheFolder, "arithmetic", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine)))[..32]}.json");

    // 460 MB are not read at each start: a file that is replaced has another length or time.
    private static string DescribeFile(string path)
    {
        var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        return file.Exists ? $"{file.Length} bytes of {file.LastWriteTimeUtc:O}" : path;
    }
}
