using MerBench.Tests;
using static TorchSharp.torch;

namespace MerBench.Corruptions.Tests;

/// <summary>What a corruption makes of clips, run as the host runs it: a stream a clip, then clamped to the waveform's box.</summary>
internal static class Corrupted
{
    public const int SampleRate = 22050;

    /// <summary>One clip, with the stream of a name.</summary>
    public static float[] Clip(ICorruption corruption, float[] clip, int severity = 1, string name = "clip") =>
        Batch(corruption, severity, (name, clip))[0];

    /// <summary>A batch of equally long clips.</summary>
    public static float[][] Batch(ICorruption corruption, int severity, params (string Name, float[] Clip)[] clips)
    {
        using var scope = NewDisposeScope();
        var context = new CorruptionContext(
            stack(clips.Select(c => tensor(c.Clip))),
            Domain.Waveform,
            severity,
            SampleRate,
            [.. clips.Select(c => RandomStream.For("corrupted", c.Name))],
            new Box(-1, 1)
        )
        {
            FindFfmpeg = InstalledFfmpeg.OrSkip,
        };
        Tensor corrupted = corruption.Corrupt(context, CancellationToken.None);
        Assert.That(corrupted.shape, Is.EqualTo(context.Input.shape));
        return [.. Enumerable.Range(0, clips.Length).Select(i => corrupted[i].clamp(-1, 1).contiguous().data<float>().ToArray())];
    }
}
