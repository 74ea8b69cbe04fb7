using System.Reflection;
using CliWrap;
using CliWrap.Buffered;
using MerBench.Host.Torch;

namespace MerBench.Tests.Native;

/// <summary>Chooses and loads a libtorch in a process of its own, since a process can load only one.</summary>
internal static class TorchProbe
{
    /// <summary>The program as built; its libtorch lies apart, in the folder <c>libtorch</c> beside it.</summary>
    public static string Program { get; } =
        typeof(TorchProbe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TorchProbe").Value!;

    /// <summary>The libtorch that comes with the program.</summary>
    public static string Bundled { get; } = Path.Combine(Path.GetDirectoryName(Program)!, "libtorch");

    /// <summary>Another whole libtorch, of the same version: the one in the output of these tests.</summary>
    public static string Other { get; } = Path.GetDirectoryName(NativeFile.Probe("torch_cpu"))!;

    /// <summary>Says which folder is chosen, and loads nothing.</summary>
    public static Task<BufferedCommandResult> Select(string? option = null, string? variable = null) =>
        Run(Program, "select", option, variable);

    /// <summary>Loads it, chooses the device and takes a gradient.</summary>
    public static Task<BufferedCommandResult> Load(
        string device = "cpu",
        string? option = null,
        string? threads = null,
        string? shim = null
    ) => Run(Program, device, option, null, threads, shim);

    /// <summary>Computes some convolutions without oneDNN.</summary>
    /// <param name="preload">A library that is loaded before all others, and whose functions are called in place of theirs.</param>
    public static async Task<BufferedCommandResult> ConvolveWithoutOneDnn(string? preload = null) =>
        await Cli.Wrap("dotnet")
            .WithArguments([Program, "convolve-without-onednn"])
            .WithEnvironmentVariables(e => e.Set("LD_PRELOAD", preload).Set(LibTorchFolder.Variable, null))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

    /// <summary>Runs the program, or a copy of it.</summary>
    public static async Task<BufferedCommandResult> Run(
        string program,
        string device,
        string? option = null,
        string? variable = null,
        string? threads = null,
        string? shim = null
    ) =>
        await Cli.Wrap("dotnet")
            .WithArguments(option is null ? [program, device] : [program, device, option])
            .WithEnvironmentVariables(
                new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    [LibTorchFolder.Variable] = variable,
                    [TorchBackend.ThreadsVariable] = threads,
                    [ShimLibrary.Variable] = shim,
                }
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
}
