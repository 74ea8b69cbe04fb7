using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Ratings;

/// <summary>
/// What listeners would rate on average, a linear function of the cues. Fear, happy, sad and tender are ordinary least squares fits to the
/// ratings of
/// Eerola, Friberg and Bresin (2013), "Emotional expression in music", Frontiers in Psychology 4:487 (200 stimuli, 46 raters, scale 1-7; R2
/// .81-.90).
/// Valence, energy, tension and anger come from those four by least squares fits to the 360 rows of Set 1 of the Soundtracks dataset
/// (Eerola and Vuoskoski 2011).
/// </summary>
internal static class EmotionModel
{
    public static readonly string[] Names = ["valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender"];

    public const double Lowest = 1,
        Highest = 9;

    /// <summary>The cues' column names in the order of the coefficients.</summary>
    public static readonly string[] CueNames =
    [
        "constant",
        "register",
        "minor",
        "tempo",
        "dynamics",
        "articulation",
        "flute",
        "horn",
        "happy melody",
        "scary melody",
        "peaceful melody",
    ];

    /// <summary>Published ratings (1-7) of scary, happy, sad, peaceful; the reference is a trumpet and the sad melody.</summary>
    public static readonly double[][] Coefficients =
    [
        [4.830, -0.0503, 0.771, 0.0617, 0.0518, 0.143, -0.516, -0.113, -0.228, 2.049, -0.138],
        [0.630, 0.0394, -1.789, 0.2578, -0.0029, -0.739, 0.083, 0.124, 0.540, -0.691, -0.145],
        [3.201, -0.0090, 1.673, -0.2930, -0.0120, 0.828, 0.228, -0.091, -0.380, -0.571, 0.103],
        [1.694, 0.0235, -0.417, -0.2190, -0.0498, 0.376, 0.719, -0.121, -0.058, -1.099, -0.171],
    ];

    /// <summary>Valence, energy, tension, anger from a constant, fear, happy, sad, tender (all 1-9).</summary>
    public static readonly double[][] Bridge =
    [
        [3.187, -0.288, 0.257, 0.131, 0.309],
        [6.139, -0.091, 0.084, -0.398, -0.381],
        [5.808, 0.215, -0.244, -0.215, -0.419],
        [4.588, 0.136, -0.467, -0.475, -0.154],
    ];

    // The means of the design, so that the direct terms do not move the bridge's means.
    private const double MeanTempo = 2.98,
        MeanRegister = 68;

    /// <summary>The cues as a row of the regressions.</summary>
    public static double[] Row(Cue cue) =>
        [
            1,
            cue.Register,
            cue.Minor ? 1 : 0,
            cue.Tempo,
            cue.Dynamics,
            cue.Articulation,
            cue.Timbre == Timbre.Flute ? 1 : 0,
            cue.Timbre == Timbre.Horn ? 1 : 0,
            cue.Melody == MelodyCharacter.Happy ? 1 : 0,
            cue.Melody == MelodyCharacter.Scary ? 1 : 0,
            cue.Melody == MelodyCharacter.Peaceful ? 1 : 0,
        ];

    /// <summary>Scary, happy, sad, peaceful on the published scale, 1-7, not clamped.</summary>
    public static double[] Published(Cue cue)
    {
        double[] row = Row(cue);
        return [.. Coefficients.Select(c => Dot(c, row))];
    }

    /// <summary>All eight emotions in the order of <see cref="Names"/>, on the scale 1-9, not clamped.</summary>
    public static double[] Mean(Cue cue)
    {
        // Scary is taken for fear and peaceful for tender, and 1-7 is stretched to 1-9.
        double[] four = [.. Published(cue).Select(r => 1 + ((r - 1) * 8 / 6))];
        // The bridge was fitted to ratings, which lie within the scale.
        double[] row = [1, .. four.Select(r => Math.Clamp(r, Lowest, Highest))];
        double tempo = cue.Tempo - MeanTempo;
        return
        [
            Dot(Bridge[0], row),
            Dot(Bridge[1], row) + (0.35 * tempo) + (0.08 * cue.Dynamics),
            Dot(Bridge[2], row),
            Dot(Bridge[3], row)
                + 0.9
                + (0.25 * tempo)
                + (0.08 * cue.Dynamics)
                - (0.03 * (cue.Register - MeanRegister))
                + (cue.Melody == MelodyCharacter.Scary ? 0.9 : -0.3),
            .. four,
        ];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
