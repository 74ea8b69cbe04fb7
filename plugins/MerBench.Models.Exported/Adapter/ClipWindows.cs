using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Brings clips to the length that a module takes.</summary>
/// <param name="Length">Samples or frames that it takes at once.</param>
/// <param name="Fill">What stands where a clip is shorter.</param>
/// <param name="Overlap">How much of a window the next one shares.</param>
internal sealed record ClipWindows(long Length, ClipFilling Fill, double Overlap)
{
    /// <summary>How many windows a clip is cut into; the last one ends with the clip.</summary>
    public int Count(long clip) => clip <= Length ? 1 : 1 + (int)Math.Ceiling((clip - Length) / (double)Hop);

    private long Hop => Math.Max(1, (long)Math.Round(Length * (1 - Overlap)));

    /// <summary>Cuts or fills clips <c>[B, N]</c> or <c>[B, T, F]</c>.</summary>
    /// <returns>Windows, those of a clip in a row: <c>[B * W, length]</c> or <c>[B * W, length, F]</c>.</returns>
    public Tensor Cut(Tensor clips)
    {
        long given = clips.shape[1];
        if (given <= Length)
            return given == Length ? clips : Filled(clips, given);
        int count = Count(given);
        Tensor[] windows = [.. Enumerable.Range(0, count).Select(i => clips.narrow(1, Math.Min(i * Hop, given - Length), Length))];
        return stack(windows, 1).flatten(0, 1);
    }

    private Tensor Filled(Tensor clips, long given)
    {
        if (Fill == ClipFilling.Pad)
        {
            long[] missing = [.. clips.shape];
            missing[1] = Length - given;
            return cat([clips, zeros(missing, dtype: clips.dtype, device: clips.device)], 1);
        }

        int times = (int)Math.Ceiling(Length / (double)given);
        return cat([.. Enumerable.Repeat(clips, times)], 1).narrow(1, 0, Length);
    }
}
