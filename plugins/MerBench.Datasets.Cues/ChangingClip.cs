using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Ratings;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues;

/// <summary>
/// One clip that changes at known moments. Every section is the same piece from its beginning, with the same motifs, rhythms and chords, in
/// another mode, tempo or loudness.
/// </summary>
internal sealed class ChangingClip
{
    // Seconds.
    private const double ShortestNote = 0.05;

    private readonly SectionOptions _options;
    private readonly CueClip[] _pieces;

    public ChangingClip(CueDesign design, int index, SectionOptions options)
    {
        _options = options;
        Sections = SectionPlan.Plan(design, index, design.CueOf(index), options);
        _pieces = [.. Sections.Select(s => new CueClip(design, index, s.Cue))];
    }

    public IReadOnlyList<Section> Sections { get; }

    /// <summary>The concepts of the sections, each weighted by its length.</summary>
    public double[] Concepts()
    {
        var mean = new double[ConceptModel.Names.Length];
        for (int s = 0; s < _pieces.Length; s++)
        {
            double[] concepts = _pieces[s].Concepts();
            for (int c = 0; c < mean.Length; c++)
                mean[c] += concepts[c] * Sections[s].Length / _options.Seconds;
        }

        return mean;
    }

    /// <summary>What listeners would rate on average at a moment, on the scale 1-9, not clamped.</summary>
    public double[] ExpectedAt(double seconds, double reactionSeconds) => ListenerReaction.At(seconds, Sections, reactionSeconds);

    /// <summary>The panel's noise goes on through the clip: its raters do not change.</summary>
    public RandomStream RaterStream() => _pieces[0].RaterStream();

    /// <summary>The music of each section, at its place in the clip.</summary>
    public IReadOnlyList<Score> Compose() => [.. Sections.Select((section, s) => Place(_pieces[s].Compose(section.Length), section))];

    public short[] Render(int sampleRate) => ScoreRenderer.Render(Compose(), sampleRate);

    // Notes that would sound on into the next section end with theirs, and none begins where it could be no more than a click.
    private Score Place(Score score, Section section) =>
        score with
        {
            Notes =
            [
                .. score
                    .Notes.Where(note => section.Length - note.Start >= ShortestNote)
                    .Select(note =>
                        note with
                        {
                            Start = section.Start + note.Start,
                            Duration = Math.Min(note.Duration, section.Length - note.Start),
                        }
                    ),
            ],
            Seconds = _options.Seconds,
        };
}
