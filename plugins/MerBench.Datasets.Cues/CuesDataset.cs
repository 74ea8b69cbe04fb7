using System.Globalization;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues;

/// <summary>
/// Procedural music whose ratings follow published perception data, rendered on demand: the same seed gives the same samples to the bit on
/// every platform.
/// A clip depends on seed, index, length and sample rate, and not on the number of clips.
/// </summary>
[Dataset(
    "cues",
    Summary = "Procedural music with emotion ratings from published cue coefficients; nothing to download",
    Source = "Eerola, Friberg and Bresin 2013, Frontiers in Psychology 4:487; formulas in docs/cues.md"
)]
[Reference(
    """
        @article{eerola2013,
          author  = {Eerola, Tuomas and Friberg, Anders and Bresin, Roberto},
          title   = {Emotional Expression in Music: Contribution, Linearity, and Additivity of Primary Musical Cues},
          journal = {Frontiers in Psychology},
          volume  = {4},
          pages   = {487},
          year    = {2013},
          doi     = {10.3389/fpsyg.2013.00487},
        }
        """
)]
public sealed class CuesDataset(CuesOptions options) : IDataset
{
    /// <summary>Raised whenever audio, ratings, concepts or splits of the same options change.</summary>
    public const int GeneratorVersion = 1;

    /// <inheritdoc />
    public DatasetContent Load(CancellationToken cancel)
    {
        var design = new CueDesign(options.Seed, options.Keys, options.Style);
        var panel = new RaterPanel(options.Raters, options.RaterNoise);
        CuesOverTime? overTime = options.OverTime ? new CuesOverTime(options, design, panel) : null;
        var clips = new CueClip[options.Clips];
        for (int i = 0; i < clips.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            clips[i] = new CueClip(design, i);
        }

        Split[] splits = SplitPlan.Assign([.. clips.Select(c => c.Cue)], options.ValidationShare, options.TestShare);
        int[] rated = options.Rated;
        return new DatasetContent(
            new LabelSpace(
                [.. rated.Select(e => EmotionModel.Names[e])],
                source: "Simulated mean ratings on the scale 1-9, mapped linearly to 0-1"
            ),
            new LabelSpace(ConceptModel.Names, source: "Functions of the synthesis parameters, 0-1"),
            [
                .. clips.Select(
                    (clip, i) => overTime?.Describe(i, Id(i), splits[i], Origin(i)) ?? Describe(clip, i, splits[i], panel, rated)
                ),
            ],
            new Preparation(options.Excerpt > 0 ? options.Excerpt : options.Seconds),
            Fingerprint() + overTime?.Fingerprint
        );
    }

    // The excerpt is the host's business: it stands in the preparation, not in the data.
    private string Fingerprint() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"cues generator {GeneratorVersion}; clips {options.Clips}; seconds {options.Seconds:R}; seed {options.Seed}; keys "
                + $"{options.Keys}; validation-share {options.ValidationShare:R}; "
        )
        + FormattableString.Invariant($"test-share {options.TestShare:R}; raters {options.Raters}; rater-noise {options.RaterNoise:R}")
        + (options.Emotions is { } some ? $"; emotions {string.Join(", ", some)}" : "")
        + (options.Style == CueStyle.Band ? "" : $"; style {options.Style}");

    private static string Id(int index) => FormattableString.Invariant($"cues-{index + 1:D4}");

    private string Origin(int index) => FormattableString.Invariant($"cues, seed {options.Seed}, clip {index + 1}");

    private static float[] Choose(float[] ratings, int[] rated) => [.. rated.Select(e => ratings[e])];

    private Clip Describe(CueClip clip, int index, Split split, RaterPanel panel, int[] rated) =>
        new(
            Id(index),
            split,
            new AudioSource.Rendered(sampleRate => clip.Render(options.Seconds, sampleRate)),
            Choose(RaterPanel.ToLabels(clip.Rate(panel)), rated),
            [.. clip.Concepts().Select(c => (float)c)],
            Origin(index)
        );
}
