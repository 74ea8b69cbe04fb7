using System.Globalization;
using MerBench.Host.Arithmetic;
using MerBench.Host.Torch;

namespace MerBench.Host.Diagnosis;

/// <summary>libtorch, its shim, devices and threads.</summary>
internal static class TorchCheck
{
    public static IEnumerable<Finding> Examine(Examination subject)
    {
        var findings = new List<Finding>();
        try
        {
            TorchBackend backend = TorchBackend.Select(subject.LibTorch);
            (ArithmeticChoice? arithmetic, Finding[] found) = SelfTestCheck.Examine(backend, subject);
            backend.EnsureLoaded();
            findings.Add(new Finding("libtorch", FindingStatus.Ok, $"{backend.Version}, {backend.Folder!.Description}"));
            findings.AddRange(Shim(backend));
            findings.AddRange(found);
            if (arithmetic is not null)
                findings.Add(SelfTestCheck.ExamineBFloat16(arithmetic));
            findings.AddRange(DeviceAndThreads(backend, subject));
            findings.AddRange(Gpus(NvidiaDriver.Read(), backend.Folder, backend.CountGpus()));
        }
        catch (UserErrorException problem)
        {
            findings.Add(new Finding("libtorch", FindingStatus.Problem, "cannot be used", problem.Message));
            findings.AddRange(OwnShim());
        }

        return findings;
    }

    private static IEnumerable<Finding> Shim(TorchBackend backend)
    {
        if (!backend.Shim.IsBuiltByUser)
            return OwnShim();
        return
        [
            new Finding(
                "libtorch",
                FindingStatus.Warning,
                $"{backend.Shim.Description} binds to it, and has all that TorchSharp calls",
                "Whether it was built with the headers of this libtorch cannot be found out: run the parity check of docs/gpu.md before "
                    + "you believe results."
            ),
        ];
    }

    private static IEnumerable<Finding> OwnShim() => OperatingSystem.IsLinux() && ShimLibrary.OwnPath is { } path ? [Shim(path)] : [];

    /// <summary>Why GPUs of this machine are not used, where they are not.</summary>
    internal static IEnumerable<Finding> Gpus(NvidiaDriver driver, LibTorchFolder folder, int usable)
    {
        string installed = driver.Gpus.Count == 0 ? "an NVIDIA GPU" : string.Join(", ", driver.Gpus);
        if (driver.Version is not null && usable > 0)
            return [new Finding("device", FindingStatus.Ok, $"{installed}, driver {driver.Version}")];
        if (driver.Version is not null && !folder.HasCuda)
        {
            return
            [
                new Finding(
                    "device",
                    FindingStatus.Warning,
                    $"{installed} with driver {driver.Version} is not used: this libtorch is built for CPU",
                    $"Install PyTorch {LibTorchLoader.Needed.ToString(2)}.x for CUDA and name its folder torch/lib by --libtorch or "
                        + $"{LibTorchFolder.Variable} (docs/gpu.md)."
                ),
            ];
        }

        if (!folder.HasCuda || usable > 0)
            return [];
        return driver.Version is null
            ?
            [
                new Finding(
                    "device",
                    FindingStatus.Warning,
                    "this libtorch is built for CUDA, and there is no NVIDIA driver",
                    "Install the driver; in a container, start it with its GPUs (docker run --gpus all). nvidia-smi must list them."
                ),
            ]
            :
            [
                new Finding(
                    "device",
                    FindingStatus.Warning,
                    $"{installed} with driver {driver.Version} cannot be used by this libtorch",
                    "The driver is perhaps older than the CUDA of this libtorch (CUDA 12 needs 525 or later, CUDA 13 needs 580), or "
                        + "CUDA_VISIBLE_DEVICES hides the GPUs. nvidia-smi shows both."
                ),
            ];
    }

    internal static Finding Shim(string path)
    {
        var damaged = new Finding("libtorch", FindingStatus.Problem, $"{path} is damaged or cannot be read", "Install MerBench again.");
        try
        {
            if (ElfFile.IsCutOff(path))
                return damaged;
            NeededVersion needed = ElfFile.NeededVersions(path).FirstOrDefault(v => v.Name == ShimLibrary.UnusedVersion);
            string file = Path.GetFileName(path);
            if (needed.Name is null)
                return new Finding("libtorch", FindingStatus.Ok, $"{file} does not ask for {ShimLibrary.UnusedVersion}");
            if (needed.IsWeak)
                return new Finding("libtorch", FindingStatus.Ok, $"{file} is mended: it does without {ShimLibrary.UnusedVersion}");
            return new Finding(
                "libtorch",
                FindingStatus.Warning,
                $"{file} is not mended: it insists on {ShimLibrary.UnusedVersion}",
                "It does not load on systems with an older libstdc++ (Debian 12, Ubuntu 22.04). "
                    + "Install the package dotnet-merbench, whose copy is mended."
            );
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return damaged;
        }
    }

    private static IEnumerable<Finding> DeviceAndThreads(TorchBackend backend, Examination subject)
    {
        (string device, int? threads) = (subject.Device, subject.Threads);
        Finding? wrong = WrongThreads(threads);
        try
        {
            IReadOnlyList<TorchDevice> chosen = backend.Choose(DeviceNames.Parse(device), wrong is null ? threads : 1);
            int gpus = backend.CountGpus();
            string all =
                gpus == 0
                    ? "no GPU"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{gpus} GPU(s): {string.Join(", ", Enumerable.Range(0, gpus).Select(i => $"cuda:{i}"))}"
                    );
            return
            [
                new Finding("device", FindingStatus.Ok, $"{string.Join(", ", chosen.Select(d => d.Name))} ({all})"),
                wrong ?? Threads(chosen.Sum(d => d.Threads)),
                .. SelfTestCheck.ExamineGpus(backend, chosen, subject.CacheFolder),
            ];
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
            : new Finding(
                "threads",
                FindingStatus.Warning,
                what,
                $"More threads than cores slow torch down: lower --threads or {TorchBackend.ThreadsVariable}."
            );
    }
}
