using System.Globalization;
using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>Checks everything that a dataset plugin handed back, before any audio is touched.</summary>
internal static class ContentValidation
{
    // Ratings are float32 while scales are double.
    private const double ScaleTolerance = 1e-4;
    private const double LongestExcerpt = 3600;

    /// <exception cref="UserErrorException">Something is wrong; all problems at once.</exception>
    public static void Check(DatasetContent content, Preparation preparation)
    {
        var problems = new ProblemList();
        Check(content, preparation, problems);
        problems.ThrowIfAny();
    }

    /// <summary>Checks a dataset on which models are judged alone: it needs test clips, and no others.</summary>
    /// <exception cref="UserErrorException">Something is wrong; all problems at once.</exception>
    public static void CheckJudged(DatasetContent content, Preparation preparation)
    {
        var problems = new ProblemList();
        Check(content, preparation, problems, [Split.Test]);
        problems.ThrowIfAny();
    }

    /// <summary>Adds what is wrong.</summary>
    public static void Check(DatasetContent content, Preparation preparation, ProblemList problems) =>
        Check(content, preparation, problems, [Split.Train, Split.Test]);

    private static void Check(DatasetContent content, Preparation preparation, ProblemList problems, IReadOnlyList<Split> needed)
    {
        CheckPreparation(preparation, problems);
        CheckLabels("emotion", content.Emotions, problems);
        CheckLabels("concept", content.Concepts, problems);
        CheckSplits(content.Clips, needed, problems);
        CurveValidation.Check(content, problems);
        var seen = new Dictionary<string, Clip>(StringComparer.Ordinal);
        foreach (Clip clip in content.Clips)
        {
            if (string.IsNullOrWhiteSpace(clip.Id))
                problems.Add(clip, "its id is blank.");
            else if (GuestText.FirstHidden(clip.Id) >= 0)
                problems.Add(clip, "its id holds characters that nobody sees, and ids become rows and files.");
            else if (!seen.TryAdd(clip.Id, clip))
                problems.Add(clip, $"the id is taken already{(seen[clip.Id].Origin is { Length: > 0 } o ? $", at {o}" : "")}.");
            CheckRatings(clip, clip.Emotion, content.Emotions, "emotion", problems);
            CheckConcepts(clip, content.Concepts, problems);
            if (
                clip.EmotionSd is { } sd
                && (sd.Length != content.Emotions.Count || !Array.TrueForAll(sd, s => float.IsFinite(s) && s >= 0))
            )
                problems.Add(
                    clip,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"its annotators' standard deviations must be {content.Emotions.Count} finite numbers of at least 0."
                    )
                );
            if (clip.Audio is AudioSource.File file && !Path.IsPathFullyQualified(file.Path))
                problems.Add(clip, $"the dataset plugin gave the relative path '{file.Path}'; it must be absolute.");
        }
    }

    // They become columns of tables, whose names do not tell small letters from capitals.
    private static void CheckLabels(string kind, LabelSpace? space, ProblemList problems)
    {
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in space?.Names ?? [])
        {
            if (GuestText.FirstHidden(name) >= 0)
                problems.Add(
                    $"the {kind} '{GuestText.Name(name)}' holds characters that nobody sees, and labels become columns: rename it."
                );
            if (!known.TryAdd(name, name))
                problems.Add($"the {kind}s '{GuestText.Name(known[name])}' and '{GuestText.Name(name)}' differ by case alone: rename one.");
        }
    }

    private static void CheckPreparation(Preparation preparation, ProblemList problems)
    {
        if (!(preparation.ExcerptSeconds is > 0 and <= LongestExcerpt))
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"an excerpt of {preparation.ExcerptSeconds} s is not possible; the length must be above 0 and at most "
                        + $"{LongestExcerpt} s."
                )
            );
        if (!(preparation.MinimumSeconds >= 0))
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a least length of {preparation.MinimumSeconds} s is not possible; it must be at least 0."
                )
            );
    }

    private static void CheckSplits(IReadOnlyList<Clip> clips, IReadOnlyList<Split> needed, ProblemList problems)
    {
        foreach (Split split in needed)
        {
            if (!clips.Any(c => c.Split == split))
                problems.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"none of its {clips.Count} clips is in the {split.ToString().ToLowerInvariant()} split; change the "
                            + $"dataset's split."
                    )
                );
        }

        foreach (Clip clip in clips.Where(c => !Enum.IsDefined(c.Split)))
            problems.Add(clip, "the dataset plugin gave it no valid split.");
    }

    private static void CheckConcepts(Clip clip, LabelSpace? space, ProblemList problems)
    {
        if (space is not null && clip.Concepts is null)
            problems.Add(clip, "it has no concept ratings, but the dataset declares concepts; all clips need them.");
        else if (space is null && clip.Concepts is not null)
            problems.Add(clip, "it has concept ratings, but the dataset declares no concepts.");
        else if (space is not null)
            CheckRatings(clip, clip.Concepts!, space, "concept", problems);
    }

    private static void CheckRatings(Clip clip, float[] ratings, LabelSpace space, string kind, ProblemList problems)
    {
        if (ratings is null || ratings.Length != space.Count)
        {
            problems.Add(
                clip,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has {ratings?.Length ?? 0} {kind} ratings, but there are {space.Count} labels: {string.Join(", ", space.Names)}."
                )
            );
            return;
        }

        double tolerance = ScaleTolerance * (space.Maximum - space.Minimum);
        for (int i = 0; i < ratings.Length; i++)
        {
            string rating = string.Create(CultureInfo.InvariantCulture, $"its rating of {space.Names[i]} is {ratings[i]}");
            if (!float.IsFinite(ratings[i]))
                problems.Add(clip, $"{rating}; mend the rating or leave the clip out.");
            else if (ratings[i] < space.Minimum - tolerance || ratings[i] > space.Maximum + tolerance)
                problems.Add(
                    clip,
                    string.Create(CultureInfo.InvariantCulture, $"{rating}, outside of the scale {space.Minimum} to {space.Maximum}.")
                );
        }
    }
}
