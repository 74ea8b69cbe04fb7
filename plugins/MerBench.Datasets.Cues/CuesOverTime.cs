using System.Globalization;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues;

/// <summary>Describes clips that change, with the ratings that simulated listeners give while they listen.</summary>
internal sealed class CuesOverTime(CuesOptions options, CueDesign design, RaterPanel panel)
{
    // At the very end nothing sounds any more, whatever the division rounds to.
    private const double Rounding = 1e-9;

    private readonly SectionOptions _sections = new(options.Seconds, options.Hop, options.Sections);
    private readonly int[] _rated = options.Rated;

    /// <summary>What the fingerprint says of the options that only clips over time have.</summary>
    public string Fingerprint =>
        FormattableString.Invariant($"; over time, hop {options.Hop:R}; sections {options.Sections}; reaction {options.Reaction:R}");

    public Clip Describe(int index, string id, Split split, string origin)
    {
        var clip = new ChangingClip(design, index, _sections);
        RatedCurve curve = Rate(clip);
        return new Clip(
            id,
            split,
            new AudioSource.Rendered(clip.Render),
            Mean(curve),
            [.. clip.Concepts().Select(c => (float)c)],
            $"{origin}; {string.Join(", ", clip.Sections.Skip(1).Select(Describe))}"
        )
        {
            EmotionCurve = curve,
        };
    }

    private static string Describe(Section section) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{section.Change!.Value.ToString().ToLowerInvariant()} changes at {section.Start:0.###} s"
        );

    private RatedCurve Rate(ChangingClip clip)
    {
        int moments = (int)Math.Ceiling((options.Seconds / options.Hop) - Rounding);
        double[][] expected = [.. Enumerable.Range(0, moments).Select(m => clip.ExpectedAt(m * options.Hop, options.Reaction))];
        (double[][] means, double[][]? sds) = panel.RateOverTime(expected, clip.RaterStream());
        return new RatedCurve(0, options.Hop, [.. means.Select(m => Choose(RaterPanel.ToLabels(m)))])
        {
            Sd = sds is null ? null : [.. sds.Select(s => Choose(RaterPanel.ToSds(s)))],
        };
    }

    private float[] Choose(float[] ratings) => [.. _rated.Select(e => ratings[e])];

    private static float[] Mean(RatedCurve curve)
    {
        var means = new float[curve.Ratings[0].Length];
        for (int e = 0; e < means.Length; e++)
        {
            double sum = 0;
            foreach (float[] frame in curve.Ratings)
                sum += frame[e];
            means[e] = (float)(sum / curve.Ratings.Count);
        }

        return means;
    }
}
