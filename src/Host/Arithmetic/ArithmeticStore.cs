using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Host.Torch;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Keeps verdicts in the store: one for each processor, libtorch file, set of relevant variables and version of MerBench.
/// </summary>
internal sealed class ArithmeticStore(StoreFolder store)
{
    private readonly FileEntries _entries = new(store, EntryKind.Arithmetic);

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
        return
            _entries.Read(KeyOf(machine)) is { Span: var kept }
            && JsonSerializer.Deserialize<ArithmeticVerdict>(kept, ResultJson.Options) is { Tries.Count: > 0 } verdict
            ? verdict
            : null;
    }

    public void Keep(string machine, ArithmeticVerdict verdict) =>
        _entries.Write(KeyOf(machine), JsonSerializer.SerializeToUtf8Bytes(verdict, ResultJson.Options));

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

    private static string KeyOf(string machine) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine)))[..32];

    // 460 MB are not read at each start: a file that is replaced has another length or time.
    private static string DescribeFile(string path)
    {
        var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        return file.Exists ? $"{file.Length} bytes of {file.LastWriteTimeUtc:O}" : path;
    }
}
