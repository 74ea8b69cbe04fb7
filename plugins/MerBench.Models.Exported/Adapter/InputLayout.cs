using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>The order of a module's input.</summary>
public enum InputLayout
{
    /// <summary>Batch, samples: <c>[B, N]</c>.</summary>
    Bn,

    /// <summary>Batch, channels, samples: <c>[B, 1, N]</c>.</summary>
    Bcn,

    /// <summary>Batch, frames, bands: <c>[B, T, F]</c>.</summary>
    Btf,

    /// <summary>Batch, bands, frames: <c>[B, F, T]</c>.</summary>
    Bft,

    /// <summary>Batch, channels, frames, bands: <c>[B, 1, T, F]</c>, as images.</summary>
    Bctf,

    /// <summary>Batch, channels, bands, frames: <c>[B, 1, F, T]</c>.</summary>
    Bcft,

    /// <summary>Batch, windows of a clip in a row, channels, frames, bands: <c>[B, S, 1, T, F]</c>; for recurrent networks.</summary>
    Bsctf,

    /// <summary>Batch, windows of a clip in a row, channels, bands, frames: <c>[B, S, 1, F, T]</c>.</summary>
    Bscft,
}

/// <summary>What layouts do.</summary>
internal static class InputLayouts
{
    private static readonly InputLayout[] OfWaveforms = [InputLayout.Bn, InputLayout.Bcn];
    private static readonly InputLayout[] OfFeatures =
    [
        InputLayout.Btf,
        InputLayout.Bft,
        InputLayout.Bctf,
        InputLayout.Bcft,
        InputLayout.Bsctf,
        InputLayout.Bscft,
    ];

    /// <summary>The layouts of a domain.</summary>
    public static IReadOnlyList<InputLayout> In(Domain domain) => domain == MerBench.Domain.Waveform ? OfWaveforms : OfFeatures;

    /// <summary>What a layout is of.</summary>
    public static Domain Domain(this InputLayout layout) =>
        OfWaveforms.Contains(layout) ? MerBench.Domain.Waveform : MerBench.Domain.Features;

    /// <summary>How many axes it has.</summary>
    public static int Rank(this InputLayout layout) => layout.ToString().Length;

    /// <summary>Whether one of its axes is of channels.</summary>
    public static bool HasChannels(this InputLayout layout) => layout.Axis('C') >= 0;

    /// <summary>Whether it holds the windows of a clip together.</summary>
    public static bool HasWindows(this InputLayout layout) => layout.Axis('S') >= 0;

    /// <summary>The place of an axis, named as in <see cref="Write"/>; -1 where there is none.</summary>
    public static int Axis(this InputLayout layout, char axis) => layout.ToString().IndexOf(axis, StringComparison.OrdinalIgnoreCase);

    /// <summary>Brings clips or windows <c>[B, N]</c> or <c>[B, T, F]</c> into the order of a layout, but for the axis of windows; each
    /// channel is a copy.</summary>
    public static Tensor Arrange(this InputLayout layout, Tensor clips, int channels)
    {
        Tensor ordered = layout is InputLayout.Bft or InputLayout.Bcft or InputLayout.Bscft ? clips.transpose(1, 2) : clips;
        if (!layout.HasChannels())
            return ordered;
        Tensor one = ordered.unsqueeze(1);
        return channels == 1 ? one : one.repeat_interleave(channels, 1);
    }

    /// <summary>As in options and papers: <c>bctf, [B, 1, T, F]</c>.</summary>
    public static string Write(this InputLayout layout, int channels)
    {
        string name = layout.ToString().ToUpperInvariant();
        string shape = string.Join(
            ", ",
            name.Select(c => c == 'C' ? channels.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"{c}")
        );
        return $"{name.ToLowerInvariant()}, [{shape}]";
    }
}
