using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues;

/// <summary>Options of the dataset <c>cues</c>.</summary>
public sealed record CuesOptions(
    [Description("How many clips.")] [Range(3, 1_000_000)] int Clips = 240,
    [Description("Length of a clip in seconds.")] [Range(1, 3600)] double Seconds = 10,
    [Description("Chooses the music: another seed, another dataset.")] [Range(0, int.MaxValue)] int Seed = 1,
    [Description(
        "Tonics in use: 1 is C alone, more go out from C on the circle of fifths. With several keys, major and minor take more clips to "
            + "tell apart."
    )]
    [Range(1, 12)]
        int Keys = 1,
    [Description("Share of clips for early stopping, balanced over the design.")] [Range(0, 0.9)] double ValidationShare = 0.1,
    [Description("Share of clips for testing, balanced over the design.")] [Range(0, 0.9)] double TestShare = 0.2,
    [Description("Simulated raters whose ratings are averaged.")] [Range(1, 100_000)] int Raters = 6,
    [Description(
        "Standard deviation of one rater's noise on the scale 1-9. The default lets the mean of six raters scatter by 0.58, the residual "
            + "of the published fits."
    )]
    [Range(0, 4)]
        double RaterNoise = 1.42,
    [Description("Length in seconds of the excerpt that models see, from the start; 0 for the whole clip.")]
    [Range(0, 3600)]
        double Excerpt = 0,
    [Description("The emotions that are rated, in order: valence, energy, tension, anger, fear, happy, sad, tender. Left out: all.")]
        IReadOnlyList<string>? Emotions = null,
    [Description("How the music is written and played: another style, another dataset whose ratings follow the same rules.")]
        CueStyle Style = CueStyle.Band,
    [Description("Clips that change in mode, tempo or dynamics at known moments, with ratings over time.")] bool OverTime = false,
    [Description("Over time: seconds from one rated moment to the next; changes come at such moments.")] [Range(0.05, 1)] double Hop = 0.5,
    [Description("Over time: sections of a clip; each differs from the one before in one of mode, tempo and dynamics.")]
    [Range(2, 20)]
        int Sections = 2,
    [Description("Over time: seconds in which listeners have rated all but 1/e of a change; 0 for at once.")]
    [Range(0, 60)]
        double Reaction = 1.5
) : IValidatableObject
{
    /// <summary>The places of the emotions among all that the dataset knows.</summary>
    internal int[] Rated => [.. (Emotions ?? EmotionModel.Names).Select(e => Array.IndexOf(EmotionModel.Names, e))];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OverTime && Seconds < Sections * SectionPlan.ShortestShare)
            yield return new ValidationResult(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"clips of {Seconds} s are too short for {Sections} sections; each needs {SectionPlan.ShortestShare} s at least"
                ),
                [nameof(Seconds)]
            );
        if (Emotions is null)
            yield break;
        if (Emotions.Count == 0)
            yield return Complain("names no emotion");
        foreach (string unknown in Emotions.Except(EmotionModel.Names, StringComparer.Ordinal))
            yield return Complain($"cues rates no '{unknown}', but {string.Join(", ", EmotionModel.Names)}");
        if (Emotions.Distinct(StringComparer.Ordinal).Count() < Emotions.Count)
            yield return Complain("names an emotion twice");
    }

    private static ValidationResult Complain(string text) => new(text, [nameof(Emotions)]);
}
