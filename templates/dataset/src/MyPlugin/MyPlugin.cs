using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench;

namespace MyPlugin;

/// <summary>What <c>with:</c> may set. A folder of recordings would be <c>[DirectoryPath] string Root</c>.</summary>
public sealed record MyPluginOptions(
    [Description("How many clips.")][Range(10, 10_000)] int Clips = 60,
    [Description("Length of a clip in seconds.")][Range(0.5, 60)] double Seconds = 2);

/// <summary>Tones whose pitch and loudness are their valence and energy. For recordings, hand out <c>AudioSource.File</c> instead: the host decodes them.</summary>
[Dataset("my-plugin", Summary = "Tones whose pitch and loudness are their ratings.")]
public sealed class MyPlugin(MyPluginOptions options) : IDataset
{
    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel)
    {
        var emotions = new LabelSpace(["valence", "energy"], minimum: 0, maximum: 1, source: "by construction");
        RandomStream random = RandomStream.For("my-plugin");
        var clips = new List<Clip>();
        for (int i = 0; i < options.Clips; i++)
        {
            cancel.ThrowIfCancellationRequested();
            double valence = random.NextDouble(), energy = random.NextDouble();
            Split split = (i % 5) switch { 0 => Split.Test, 1 => Split.Validation, _ => Split.Train };
            clips.Add(new Clip($"tone-{i:000}", split, new AudioSource.Rendered(rate => Tone(rate, valence, energy)), [(float)valence, (float)energy]));
        }

        // Changes whenever audio or ratings do, so that results of other data are not taken for those of these.
        string fingerprint = $"my-plugin 1, {options.Clips} clips of {options.Seconds} s";
        return new DatasetContent(emotions, Concepts: null, clips, new Preparation(ExcerptSeconds: options.Seconds), fingerprint);
    }

    private short[] Tone(int sampleRate, double valence, double energy)
    {
        double pitch = 110 * Math.Pow(2, 3 * valence), loudness = short.MaxValue * (0.05 + (0.5 * energy));
        return [.. Enumerable.Range(0, (int)(options.Seconds * sampleRate)).Select(i => (short)(loudness * Math.Sin(2 * Math.PI * pitch * i / sampleRate)))];
    }
}
