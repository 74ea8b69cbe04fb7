using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Ratings;

/// <summary>
/// How ratings follow music that changes: <c>r(t) = m + (r(s) - m) e^(-(t - s) / reaction)</c>, where <c>s</c> is when the section that
/// sounds began and <c>m</c> its mean rating. An assumption, of the order of the 1 to 3 s by which ratings lag behind music in Schubert
/// (2004), Music Perception 21(4).
/// </summary>
internal static class ListenerReaction
{
    /// <summary>The eight ratings at a moment, on the scale 1-9, not clamped.</summary>
    /// <param name="seconds">The moment, from the start of the clip.</param>
    /// <param name="sections">The clip's sections.</param>
    /// <param name="reaction">Seconds in which all but 1/e of a change is rated; 0 for at once.</param>
    public static double[] At(double seconds, IReadOnlyList<Section> sections, double reaction)
    {
        double[] ratings = EmotionModel.Mean(sections[0].Cue);
        foreach (Section section in sections.Skip(1).Where(s => s.Start <= seconds))
        {
            double[] mean = EmotionModel.Mean(section.Cue);
            double left = Left(Math.Min(seconds - section.Start, section.Length), reaction);
            ratings = [.. mean.Zip(ratings, (m, before) => m + ((before - m) * left))];
        }

        return ratings;
    }

    private static double Left(double since, double reaction) => reaction > 0 ? DeterministicMath.Exp(-since / reaction) : 0;
}
