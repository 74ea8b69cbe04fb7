using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Finds out what a module reads, before anything is known of clips.</summary>
internal static class DomainProbe
{
    private const int Bands = 40;

    // One second, three, ten and thirty at 16 kHz, and the samples of sample-level networks.
    private static readonly long[] Lengths = [16_000, 48_000, 59_049, 160_000, 480_000];

    /// <summary>What it reads: as the options say, as the file says, else by trying; features where nothing says otherwise.</summary>
    public static Domain Find(IExportedModule module, ModuleOptions options, Device device) =>
        Known(options, module.Metadata, module.DeclaredInput) ?? (TakesWaveform(module, device) ? Domain.Waveform : Domain.Features);

    /// <summary>The same without trying; null where neither options nor file say it.</summary>
    public static Domain? Known(ModuleOptions options, ModuleMetadata metadata, IReadOnlyList<long?>? declaredInput) =>
        options.Input
        ?? options.Layout?.Domain()
        ?? (options.SampleRate is null ? (Domain?)null : Domain.Waveform)
        ?? metadata.Input
        ?? metadata.Layout?.Domain()
        ?? Declared(declaredInput);

    /// <summary>Whether it takes <c>[B, N]</c>, or <c>[B, C, N]</c> with one channel or two and not with as many as bands.</summary>
    public static bool TakesWaveform(IExportedModule module, Device device) =>
        Array.Exists(
            Lengths,
            length =>
                Takes(module, device, 2, length)
                || (
                    (Takes(module, device, 2, 1, length) || Takes(module, device, 2, 2, length)) && !Takes(module, device, 2, Bands, length)
                )
        );

    private static Domain? Declared(IReadOnlyList<long?>? shape) =>
        shape switch
        {
            null => null,
            { Count: 2 } => Domain.Waveform,
            { Count: 3 } => shape[1] is 1 or 2 ? Domain.Waveform : null,
            _ => Domain.Features,
        };

    private static bool Takes(IExportedModule module, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        try
        {
            module.Forward(zeros(shape, device: device));
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }
}
