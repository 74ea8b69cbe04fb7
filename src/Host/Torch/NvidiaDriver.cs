namespace MerBench.Host.Torch;

/// <summary>What Linux says about NVIDIA's driver and its GPUs, in files; nothing is loaded.</summary>
/// <param name="Version">Of the driver; null where there is none.</param>
/// <param name="Gpus">Their models.</param>
internal sealed record NvidiaDriver(string? Version, IReadOnlyList<string> Gpus)
{
    /// <param name="folder">Where the driver describes itself; of other systems nothing is known.</param>
    public static NvidiaDriver Read(string folder = "/proc/driver/nvidia")
    {
        try
        {
            string version = Path.Combine(folder, "version"),
                gpus = Path.Combine(folder, "gpus");
            return new NvidiaDriver(
                File.Exists(version) ? VersionIn(File.ReadAllText(version)) : null,
                Directory.Exists(gpus)
                    ?
                    [
                        .. Directory
                            .GetDirectories(gpus)
                            .Order(StringComparer.Ordinal)
                            .Select(g => ModelIn(Path.Combine(g, "information")))
                            .OfType<string>(),
                    ]
                    : []
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new NvidiaDriver(null, []);
        }
    }

    // NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27 07:09:42 UTC 2025
    private static string VersionIn(string text) =>
        text.Split(' ', '\n')
            .FirstOrDefault(word => word.Contains('.', StringComparison.Ordinal) && word.All(c => char.IsAsciiDigit(c) || c == '.'))
        ?? "of an unknown version";

    private static string? ModelIn(string file) =>
        File.Exists(file)
            ? File.ReadLines(file)
                .Where(l => l.StartsWith("Model:", StringComparison.Ordinal))
                .Select(l => l["Model:".Length..].Trim())
                .FirstOrDefault()
            : null;
}
