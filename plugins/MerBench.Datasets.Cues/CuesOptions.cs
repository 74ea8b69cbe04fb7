using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

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
        double Excerpt = 0
);
