using System.Globalization;
using MerBench.Host.Native;

namespace MerBench.Host.Diagnosis;

/// <summary>libtorch, its shim, devices and threads.</summary>
internal static class TorchCheck
{
    // The one version that the shim asks for and never uses (docs/architecture.md, "The native mend").
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    public static IEnumerable<Finding> Examine(string? libtorch, string device, int? threads)
    {
        var findings = new List<Finding>();
        try
        {
            TorchBackend backend = TorchBackend.Select(libtorch);
            backend.EnsureLoaded();
            findings.Add(new Finding("libtorch", FindingStatus.Ok, $"{backend.Version}, {backend.Folder!.Description}"));
            findings.AddRange(Shim());
            findings.AddRange(DeviceAndThreads(backend, device, threads));
        }
        catch (UserErrorException problem)
        {
            findings.Add(new Finding("libtorch", FindingStatus.Problem, "cannot be used", problem.Message));
            findings.AddRange(Shim());
        }

        return findings;
    }

    private static IEnumerable<Finding> Shim() =>
        OperatingSystem.IsLinux() && LibTorchLoader.ShimPath is { } path ? [Shim(path)] : [];

    internal static Finding Shim(string path)
    {
        var damaged = new Finding("libtorch", FindingStatus.Problem, $"{path} is damaged or cannot be read", "Install MerBench again.");
        try
        {
            if (ElfFile.IsCutOff(path)) return damaged;
            NeededVersion needed = ElfFile.NeededVersions(path).FirstOrDefault(v => v.Name == UnusedVersion);
            string what = needed.Name is null ? $"{Path.GetFileName(path)} does not ask for {UnusedVersion}"
                : needed.IsWeak ? $"{Path.GetFileName(path)} is mended: it does without {UnusedVersion}"
                : $"{Path.GetFileName(path)} is not mended: it insists on {UnusedVersion}";
            return needed.Name is null || needed.IsWeak
                ? new Finding("libtorch", FindingStatus.Ok, what)
                : new Finding("libtorch", FindingStatus.Warning, what, "It does not load on systems with an older libstdc++ (Debian 12, Ubuntu 22.04). Install the package dotnet-merbench, whose copy is mended.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return damaged;
        }
    }

    private static IEnumerable<Finding> DeviceAndThreads(TorchBackend backend, string device, int? threads)
    {
        Finding? wrong = WrongThreads(threads);
        try
        {
            IReadOnlyList<TorchDevice> chosen = backend.Choose(DeviceNames.Parse(device), wrong is null ? threads : 1);
            int gpus = backend.CountGpus();
            string all = gpus == 0 ? "no GPU" : string.Create(CultureInfo.InvariantCulture, $"{gpus} GPU(s): {string.Join(", ", Enumerable.Range(0, gpus).Select(i => $"cuda:{i}"))}");
            return [new Finding("device", FindingStatus.Ok, $"{string.Join(", ", chosen.Select(d => d.Name))} ({all})"), wrong ?? Threads(chosen.Sum(d => d.Threads))];
        }
        catch (UserErrorException problem)
        {
            var unusable = new Finding("device", FindingStatus.Problem, $"'{device}' cannot be used", problem.Message);
            return wrong is null ? [unusable] : [unusable, wrong];
        }
    }

    private static Finding? WrongThreads(int? threads)
    {
        try
        {
            _ = TorchBackend.ThreadsFrom(threads);
            return null;
        }
        catch (UserErrorException problem)
        {
            return new Finding("threads", FindingStatus.Problem, "their number cannot be used", problem.Message);
        }
    }

    private static Finding Threads(int threads)
    {
        string what = string.Create(CultureInfo.InvariantCulture, $"{threads} for {Environment.ProcessorCount} core(s)");
        return threads <= Environment.ProcessorCount
            ? new Finding("threads", FindingStatus.Ok, what)
            : new Finding("threads", FindingStatus.Warning, what, $"More threads than cores slow torch down: lower --threads or {TorchBackend.ThreadsVariable}.");
    }
}
