using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace MerBench.Host.Torch;

/// <summary>
/// The libtorch of this process. Selecting one costs nothing and loads nothing; <see cref="EnsureLoaded"/> does, and must come before
/// anything touches <c>torch</c>, since TorchSharp loads what it finds by itself on first touch.
/// </summary>
public sealed class TorchBackend
{
    /// <summary>Sets the number of threads when the option does not.</summary>
    public const string ThreadsVariable = "MERBENCH_THREADS";

    private static readonly Lock Gate = new();
    private static LibTorchFolder? s_loadedFolder;
    private static ShimLibrary? s_loadedShim;
    private static Version? s_loadedVersion;

    /// <summary>What this process has loaded; null before.</summary>
    internal static LibTorchFolder? LoadedFolder => s_loadedFolder;

    private TorchBackend(LibTorchFolder? folder) => Folder = folder;

    /// <summary>Where libtorch comes from; null when this build has none and none is named.</summary>
    public LibTorchFolder? Folder { get; }

    /// <summary>The version of libtorch as it states itself.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="EnsureLoaded"/>.</exception>
    public string Version =>
        s_loadedFolder is null
            ? throw new InvalidOperationException("libtorch is not loaded yet.")
            : s_loadedVersion?.ToString() ?? "older than 2.9";

    /// <summary>The shim through which libtorch is called.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="EnsureLoaded"/>.</exception>
    public ShimLibrary Shim => s_loadedShim ?? throw new InvalidOperationException("libtorch is not loaded yet.");

    /// <summary>Chooses the folder by precedence: <c>--libtorch</c>, then <c>MERBENCH_LIBTORCH</c>, then bundled. Checks that its files
    /// exist.</summary>
    /// <param name="libtorchOption">The value of <c>--libtorch</c>, or null.</param>
    /// <exception cref="UserErrorException">The named folder holds no libtorch (<see cref="ErrorKind.Environment"/>).</exception>
    public static TorchBackend Select(string? libtorchOption) => new(LibTorchFolder.Find(libtorchOption));

    /// <summary>Loads libtorch and the shim; does nothing when they are loaded.</summary>
    /// <exception cref="UserErrorException">They cannot be loaded; the message says why and what to do
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    public void EnsureLoaded()
    {
        lock (Gate)
        {
            if (s_loadedFolder is null)
            {
                LibTorchFolder folder = Folder ?? throw NoLibTorch();
                var shim = ShimLibrary.For(folder);
                Version? version = LibTorchLoader.Load(folder, shim);
                if (OneDnn.IsOff(Environment.GetEnvironmentVariable))
                    TorchContext.DisableOneDnn();
                TorchContext.DisableNnpack();
                TouchTorch(folder);
                (s_loadedFolder, s_loadedShim, s_loadedVersion) = (folder, shim, version);
            }
            else if (Folder is not null && s_loadedFolder != Folder && s_loadedFolder.Path != Folder.Path)
            {
                throw new InvalidOperationException(
                    $"This process has loaded {s_loadedFolder.Description} and cannot change to {Folder.Description}."
                );
            }
        }
    }

    /// <summary>Chooses one device, sets the number of threads and has matrices multiplied in whole float32; loads libtorch.</summary>
    /// <param name="device"><c>auto</c> (a GPU if there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="threads">Threads for CPU operators; null for <c>MERBENCH_THREADS</c>, else one for each core that the process may
    /// use.</param>
    /// <exception cref="UserErrorException">The text or number is not valid, or there is no such device
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    public TorchDevice Choose(string device, int? threads = null) =>
        Choose(DeviceNames.Parse(device), threads) is [var one]
            ? one
            : throw new UserErrorException($"'{device}' are several devices, where one is expected.");

    /// <summary>Chooses devices that share the threads, and sets the number of threads of this process to all of them; loads
    /// libtorch.</summary>
    /// <param name="threads">Threads of all devices together; null as above.</param>
    /// <exception cref="UserErrorException">The number is not valid, or there is no such device
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    public IReadOnlyList<TorchDevice> Choose(DeviceNames devices, int? threads)
    {
        int? requested = ThreadsFrom(threads);
        EnsureLoaded();
        MatrixProducts.InFull();
        torch.Device[] chosen =
            devices.Names is ["cuda:all"] && CountGpus() is > 0 and var gpus
                ? [.. Enumerable.Range(0, gpus).Select(i => torch.device(DeviceType.CUDA, i))]
                : [.. devices.Names.Select(DeviceFrom)];
        int each = Math.Max(1, UseThreads(requested) / chosen.Length);
        return [.. chosen.Select(d => new TorchDevice(d, each))];
    }

    /// <summary>How many GPUs libtorch can use; loads libtorch.</summary>
    public int CountGpus()
    {
        EnsureLoaded();
        return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
    }

    /// <summary>The requested number of threads, or null for the default.</summary>
    internal static int? ThreadsFrom(int? option)
    {
        if (option is { } given)
            return given >= 1 ? given : throw new UserErrorException($"--threads {given} is not a number of threads: expected at least 1.");
        string? variable = Environment.GetEnvironmentVariable(ThreadsVariable);
        if (string.IsNullOrWhiteSpace(variable))
            return null;
        return int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
            ? number
            : throw new UserErrorException(
                $"The environment variable {ThreadsVariable} is '{variable}': expected a whole number of at least 1."
            );
    }

    // Torch's own default does not see a container's limit; .NET's count of processors does.
    private static int UseThreads(int? requested)
    {
        int threads = requested ?? Math.Min(torch.get_num_threads(), Environment.ProcessorCount);
        torch.set_num_threads(threads);
        return torch.get_num_threads();
    }

    private torch.Device DeviceFrom(string name)
    {
        int gpus = name == "cpu" ? 0 : CountGpus();
        if (name == "cpu" || (name == "auto" && gpus == 0))
            return torch.CPU;
        int index =
            name.Split(':') is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
        if (index < gpus)
            return torch.device(DeviceType.CUDA, index);
        throw new UserErrorException(
            $"The device '{name}' is not available: {ExplainMissing(gpus)}. 'auto' and 'cpu' work without.",
            ErrorKind.Environment
        );
    }

    private string ExplainMissing(int gpus)
    {
        if (gpus > 0)
            return $"there are only {gpus} GPU(s), numbered from cuda:0";
        return Folder!.HasCuda
            ? "its libtorch is built for CUDA, but finds no GPU: check the NVIDIA driver with nvidia-smi"
            : $"{Folder.Description} is built for CPU: name a libtorch with CUDA by --libtorch or {LibTorchFolder.Variable}";
    }

    // Kept apart, so that calling EnsureLoaded does not touch torch before the libraries are loaded. TorchSharp prints its trace of a
    // failure to standard output, which carries data.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TouchTorch(LibTorchFolder folder)
    {
        TextWriter output = Console.Out;
        using var trace = new StringWriter(CultureInfo.InvariantCulture);
        Console.SetOut(trace);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            using torch.Tensor one = torch.ones(1);
        }
        catch (Exception e)
            when (e is TypeInitializationException or NotSupportedException or DllNotFoundException or EntryPointNotFoundException)
        {
            Exception cause = e.GetBaseException();
            throw new UserErrorException(
                $"TorchSharp could not start with {folder.Description}: "
                    + $"{LoadFailure.Explain(cause.Message, LibTorchLoader.Needed.ToString(2))}",
                ErrorKind.Environment,
                e
            );
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    private static UserErrorException NoLibTorch() =>
        new(
            $"No libtorch comes with this build for {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}. Install "
                + $"PyTorch {LibTorchLoader.Needed.ToString(2)}.x and name its folder torch/lib by "
                + $"--libtorch or the environment variable {LibTorchFolder.Variable}.",
            ErrorKind.Environment
        );
}
