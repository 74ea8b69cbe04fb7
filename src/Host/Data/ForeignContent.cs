using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Data;

/// <summary>
/// Another dataset's test clips in the words of the benchmark's own: its emotions as far as both rate them, its units. Training and
/// validation clips are those of the benchmark's dataset, so that attacks that learn do so on what models learned from.
/// </summary>
/// <param name="Content">Emotions in the order of the benchmark's dataset; no concepts.</param>
/// <param name="Labels">The places of these emotions among those of the benchmark's dataset.</param>
/// <param name="Mapped">What became of each label, in words, and what is left out.</param>
internal sealed record ForeignContent(DatasetContent Content, IReadOnlyList<int> Labels, IReadOnlyList<string> Mapped)
{
    /// <param name="own">The benchmark's dataset.</param>
    /// <param name="other">As its plugin handed it out; checked.</param>
    /// <exception cref="UserErrorException">A rule names no emotion, or nothing is rated by both.</exception>
    public static ForeignContent Map(DatasetContent own, DatasetContent other, EvaluationSet set)
    {
        RequireNames(own, other, set);
        Mapping[] mappings = [.. own.Emotions.Names.Select((name, i) => Find(i, name, own, other, set)).OfType<Mapping>()];
        if (mappings.Length == 0)
            throw new UserErrorException(
                $"{set.At}: error: models cannot be judged on '{set.Name}': it rates {string.Join(", ", other.Emotions.Names)}, and the "
                    + $"benchmark's dataset {string.Join(", ", own.Emotions.Names)}. Say by 'labels' which of them are the same."
            );
        bool hasCurves = CanCompareCurves(own, other);
        var emotions = new LabelSpace(
            mappings.Select(m => own.Emotions.Names[m.Own]),
            own.Emotions.Minimum,
            own.Emotions.Maximum,
            own.Emotions.Source
        );
        Clip[] clips =
        [
            .. own.Clips.Where(c => c.Split != Split.Test).Select(c => Select(c, mappings, hasCurves)),
            .. other.Clips.Where(c => c.Split == Split.Test).Select(c => Convert(c, mappings, hasCurves)),
        ];
        return new ForeignContent(
            new DatasetContent(emotions, null, clips, other.Preparation, $"{other.Fingerprint} in units of {own.Fingerprint}"),
            [.. mappings.Select(m => m.Own)],
            [.. Describe(own, other, mappings)]
        );
    }

    private static void RequireNames(DatasetContent own, DatasetContent other, EvaluationSet set)
    {
        foreach ((string emotion, LabelRule rule) in set.Labels)
        {
            if (own.Emotions.IndexOf(emotion) < 0)
                throw Unknown(emotion, "the benchmark's dataset", own.Emotions);
            if (other.Emotions.IndexOf(rule.From ?? emotion) < 0)
                throw Unknown(rule.From ?? emotion, set.Dataset.Plugin.Id, other.Emotions);
        }

        UserErrorException Unknown(string name, string dataset, LabelSpace space) =>
            new($"{set.At}: error: '{name}' is no emotion of {dataset}, which rates {string.Join(", ", space.Names)}.");
    }

    private static Mapping? Find(int place, string name, DatasetContent own, DatasetContent other, EvaluationSet set)
    {
        LabelRule rule = set.Labels.GetValueOrDefault(name, LabelRule.Standard);
        int from = other.Emotions.IndexOf(rule.From ?? name);
        if (from < 0)
            return null;
        (double factor, double offset) = rule.Find(other.Emotions, own.Emotions);
        return new Mapping(place, from, factor, offset);
    }

    private static bool CanCompareCurves(DatasetContent own, DatasetContent other) =>
        own.Clips.Count > 0
        && other.Clips.Count > 0
        && own.Clips[0].EmotionCurve is { } mine
        && other.Clips[0].EmotionCurve is { } theirs
        && mine.HopSeconds == theirs.HopSeconds;

    // Of the benchmark's dataset: the same units already.
    private static Clip Select(Clip clip, Mapping[] mappings, bool hasCurves) =>
        Change(clip, hasCurves, values => Array.ConvertAll(mappings, m => values[m.Own]), sd => Array.ConvertAll(mappings, m => sd[m.Own]));

    private static Clip Convert(Clip clip, Mapping[] mappings, bool hasCurves) =>
        Change(
            clip,
            hasCurves,
            values => Array.ConvertAll(mappings, m => (float)((m.Factor * values[m.From]) + m.Offset)),
            sd => Array.ConvertAll(mappings, m => (float)(Math.Abs(m.Factor) * sd[m.From]))
        );

    private static Clip Change(Clip clip, bool hasCurves, Func<float[], float[]> ratings, Func<float[], float[]> deviations) =>
        clip with
        {
            Emotion = ratings(clip.Emotion),
            EmotionSd = clip.EmotionSd is { } sd ? deviations(sd) : null,
            Concepts = null,
            EmotionCurve =
                hasCurves && clip.EmotionCurve is { } curve
                    ? curve with
                    {
                        Ratings = [.. curve.Ratings.Select(ratings)],
                        Sd = curve.Sd is { } spread ? [.. spread.Select(deviations)] : null,
                    }
                    : null,
        };

    private static IEnumerable<string> Describe(DatasetContent own, DatasetContent other, Mapping[] mappings)
    {
        foreach (Mapping m in mappings)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{own.Emotions.Names[m.Own]} = {m.Factor:0.####} x {other.Emotions.Names[m.From]} {(m.Offset < 0 ? "-" : "+")} "
                    + $"{Math.Abs(m.Offset):0.####}"
            );
        string[] missing = [.. own.Emotions.Names.Where((_, i) => !mappings.Any(m => m.Own == i))];
        if (missing.Length > 0)
            yield return $"not rated there, and so not judged: {string.Join(", ", missing)}";
        string[] unused = [.. other.Emotions.Names.Where((_, i) => !mappings.Any(m => m.From == i))];
        if (unused.Length > 0)
            yield return $"rated there alone, and so not used: {string.Join(", ", unused)}";
    }

    private sealed record Mapping(int Own, int From, double Factor, double Offset);
}
