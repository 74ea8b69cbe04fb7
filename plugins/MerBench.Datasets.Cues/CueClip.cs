using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Ratings;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues;

/// <summary>One clip: everything about it follows from seed, index and, for its audio, length and sample rate.</summary>
internal sealed class CueClip
{
    private readonly CueDesign _design;
    private readonly int _index;

    public CueClip(CueDesign design, int index)
        : this(design, index, design.CueOf(index)) { }

    /// <summary>The clip's music with other factors.</summary>
    public CueClip(CueDesign design, int index, Cue cue)
    {
        (_design, _index, Cue) = (design, index, cue);
        Texture = design.TextureOf(index, Cue.Melody);
        Progression = Harmony.Plan(Cue, Texture, Stream("harmony"));
    }

    public Cue Cue { get; }

    public Texture Texture { get; }

    public IReadOnlyList<Chord> Progression { get; }

    public double[] Rate(RaterPanel panel) => panel.Rate(EmotionModel.Mean(Cue), RaterStream());

    public RandomStream RaterStream() => Stream("raters");

    public double[] Concepts() => ConceptModel.Rate(Cue, Texture, Progression);

    public Score Compose(double seconds) => Composer.Compose(Cue, Texture, Progression, seconds, Stream);

    public short[] Render(double seconds, int sampleRate) => ScoreRenderer.Render(Compose(seconds), sampleRate);

    private RandomStream Stream(string purpose) => _design.StreamOf(_index, purpose);
}
