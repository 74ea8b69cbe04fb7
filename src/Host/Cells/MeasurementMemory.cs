using System.Globalization;
using System.Text;
using MerBench.Host.Arithmetic;
using MerBench.Host.Data;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>
/// What plugins measured about this machine (<see cref="ModelContext.Remember"/>), as entries of the store under <c>measured/</c>. Where
/// several processes measure the same, the first to finish decides for all of them, so that all workers of a run compute alike.
/// </summary>
/// <param name="store">Keeps them.</param>
/// <param name="machine">What measurements depend on here: processor, libtorch, environment.</param>
/// <param name="device">Where tensors live, and on how many threads.</param>
internal sealed class MeasurementMemory(StoreFolder store, string machine, TorchDevice device)
{
    private readonly FileEntries _entries = new(store, EntryKind.Measured);

    /// <summary>The memory of a store on this machine.</summary>
    public static MeasurementMemory In(ResultStore store, TorchDevice device) => new(store.Folder, Identify(), device);

    // Where a program has loaded torch without the host, its version has to do.
    private static string Identify() =>
        TorchBackend.LoadedFolder is { } folder
            ? ArithmeticStore.Identify(folder.PathOf("torch_cpu"))
            : $"{Processor.Name}, libtorch {__version__}";

    /// <summary>The memory of one plugin, as <see cref="ModelContext.Remember"/>.</summary>
    public Func<string, Func<string>, string> For(PluginDescriptor plugin) =>
        (key, measure) =>
        {
            string threads = device.Threads.ToString(CultureInfo.InvariantCulture),
                build = FileHash.Compute(plugin.AssemblyPath);
            string entry = ContentKey.Compute("measured/1", ProductVersion.Text, machine, device.Name, threads, plugin.Name, build, key);
            ReadOnlyMemory<byte> kept = _entries.Read(entry) ?? _entries.WriteFirst(entry, Encoding.UTF8.GetBytes(measure()));
            return Encoding.UTF8.GetString(kept.Span);
        };
}
