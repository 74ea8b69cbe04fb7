using MerBench.Host.Data;
using MerBench.Host.Plugins;

namespace MerBench.Host.Diagnosis;

/// <summary>What to examine.</summary>
/// <param name="LibTorch">The value of <c>--libtorch</c>, or null.</param>
/// <param name="Device">The value of <c>--device</c>.</param>
/// <param name="Threads">The value of <c>--threads</c>, or null.</param>
/// <param name="CacheFolder">Where results would be kept; need not exist.</param>
/// <param name="Decoder">Finds the decoder; throws <see cref="UserErrorException"/> when there is none.</param>
/// <param name="SelfTest">The program and arguments that test libtorch's arithmetic in a process of its own; null for a test in this
/// one.</param>
/// <param name="Plugins">Finds plugins; throws <see cref="UserErrorException"/> when a named folder is not there.</param>
public sealed record Examination(
    string? LibTorch,
    string Device,
    int? Threads,
    string CacheFolder,
    Func<DecoderInfo> Decoder,
    Func<PluginCatalog> Plugins,
    IReadOnlyList<string>? SelfTest = null
);

/// <summary>Looks at everything that a run depends on, and says what is there and what is wrong with it. It mends nothing.</summary>
public static class Doctor
{
    /// <summary>Examines this machine and installation; problems become findings, not exceptions.</summary>
    public static IReadOnlyList<Finding> Examine(Examination subject) =>
        [
            RuntimeCheck.Examine(),
            .. TorchCheck.Examine(subject),
            DecoderCheck.Examine(subject.Decoder),
            .. PluginCheck.Examine(subject.Plugins),
            .. CacheCheck.Examine(subject.CacheFolder),
        ];
}
