using System.Globalization;

namespace MerBench.Host.Data;

/// <summary>
/// Cuts ratings over time to excerpts. An excerpt begins at a rated frame, within what is rated as far as that is long enough, so that its
/// frames are those of the dataset. The rating of a clip becomes the mean of its excerpt's frames.
/// </summary>
internal static class CurveExcerpt
{
    // An excerpt of 10 s has 20 moments 0.5 s apart, whatever the division rounds to.
    private const double Rounding = 1e-9;

    /// <summary>The moments of excerpts that the dataset rates; null where it rates clips as wholes.</summary>
    public static RatedMoments? FindMoments(IReadOnlyList<Clip> clips, double excerptSeconds) =>
        clips.Count > 0 && clips[0].EmotionCurve is { HopSeconds: var hop }
            ? new RatedMoments(hop, Math.Max(1, (int)Math.Ceiling((excerptSeconds / hop) - Rounding)))
            : null;

    /// <summary>The dataset with its curves cut; itself where it has none. Curves have been checked.</summary>
    public static DatasetContent Cut(DatasetContent content, Preparation preparation, ProblemList problems)
    {
        if (FindMoments(content.Clips, preparation.ExcerptSeconds) is not { } moments)
            return content;
        return content with { Clips = [.. content.Clips.Select(c => Cut(c, content.Emotions, moments.Count, preparation, problems))] };
    }

    private static Clip Cut(Clip clip, LabelSpace emotions, int moments, Preparation preparation, ProblemList problems)
    {
        RatedCurve curve = clip.EmotionCurve!;
        int spare = curve.Ratings.Count - moments;
        int first = spare <= 0 ? 0 : PlaceWithin(spare, preparation.Placement, clip.Id);
        var cut = new RatedCurve(curve.StartSeconds + (first * curve.HopSeconds), curve.HopSeconds, Frames(curve.Ratings))
        {
            Sd = curve.Sd is { } sd ? Frames(sd) : null,
        };
        float[] means = Average(cut.Ratings, emotions.Count);
        int unrated = Array.FindIndex(means, float.IsNaN);
        if (unrated >= 0)
            problems.Add(
                clip,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"nobody rated {emotions.Names[unrated]} from {cut.StartSeconds:0.###} s to {cut.EndSeconds:0.###} s, which is its "
                        + $"excerpt; leave the clip out, or choose another excerpt."
                )
            );
        return clip with
        {
            Emotion = means,
            EmotionCurve = cut,
            EmotionSd = clip.EmotionSd ?? (cut.Sd is { } spread ? RequireNumbers(Average(spread, emotions.Count)) : null),
        };

        float[][] Frames(IReadOnlyList<float[]> frames) =>
            [
                .. Enumerable
                    .Range(first, moments)
                    .Select(i => i < frames.Count ? (float[])[.. frames[i]] : [.. Enumerable.Repeat(float.NaN, emotions.Count)]),
            ];
    }

    private static int PlaceWithin(int spare, ExcerptPlacement placement, string clipId) =>
        placement switch
        {
            ExcerptPlacement.Start => 0,
            ExcerptPlacement.Middle => spare / 2,
            _ => RandomStream.For("excerpt", clipId).NextInt32(spare + 1),
        };

    private static float[]? RequireNumbers(float[] values) => Array.Exists(values, float.IsNaN) ? null : values;

    // NaN where nobody rated any frame.
    private static float[] Average(IReadOnlyList<float[]> frames, int emotions) =>
        [
            .. Enumerable
                .Range(0, emotions)
                .Select(e => (float)frames.Select(f => (double)f[e]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()),
        ];
}
