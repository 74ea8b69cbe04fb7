using MerBench.Host.Data;
using MerBench.Host.Plugins;

namespace MerBench.Host.Conformance;

/// <summary>The promises of <see cref="IDataset"/>.</summary>
internal sealed class DatasetConformance(PluginUse use)
{
    private const int RenderedClips = 2,
        SampleRate = 44_100;

    public IEnumerable<(string Name, Func<CancellationToken, string?> Check)> Checks() =>
        [
            ("content", Content),
            ("loads-the-same-twice", SameTwice),
            ("audio-repeats", AudioRepeats),
            ("cancellation", _ => Faults.OfCancellation(token => Load(token))),
        ];

    private DatasetContent Load(CancellationToken cancel) => use.Create<IDataset>().Load(cancel);

    private string? Content(CancellationToken cancel)
    {
        DatasetContent content = Load(cancel);
        ContentValidation.Check(content, content.Preparation);
        return string.IsNullOrWhiteSpace(content.Fingerprint)
            ? "its fingerprint is empty, so results would be kept when the data changes"
            : null;
    }

    private string? SameTwice(CancellationToken cancel)
    {
        DatasetContent first = Load(cancel),
            second = Load(cancel);
        if (first.Fingerprint != second.Fingerprint)
            return "two loads have different fingerprints";
        foreach ((Clip a, Clip b) in first.Clips.Zip(second.Clips))
            if (a.Id != b.Id || a.Split != b.Split || !a.Emotion.SequenceEqual(b.Emotion))
                return $"two loads differ at clip '{a.Id}'";
        return first.Clips.Count == second.Clips.Count ? null : "two loads have different numbers of clips";
    }

    private string? AudioRepeats(CancellationToken cancel)
    {
        Clip[] rendered = [.. Load(cancel).Clips.Where(c => c.Audio is AudioSource.Rendered).Take(RenderedClips)];
        if (rendered.Length == 0)
            throw new CheckSkippedException("its audio is in files");
        foreach (Clip clip in rendered)
        {
            Func<int, short[]> render = ((AudioSource.Rendered)clip.Audio).Render;
            short[] first = render(SampleRate);
            if (first.Length == 0)
                return $"clip '{clip.Id}' is empty";
            if (!first.SequenceEqual(render(SampleRate)))
                return $"clip '{clip.Id}' sounds different when rendered twice";
        }

        return null;
    }
}
