using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues.Ratings;

/// <summary>
/// The seven mid-level concepts of Aljanaki and Soleymani (2018), 0 to 1, as functions of the synthesis parameters. No published
/// coefficients exist for them: the formulas are this dataset's definitions. <c>t</c> is the tempo's place in its range (logarithmic),
/// <c>a</c> articulation.
/// </summary>
internal static class ConceptModel
{
    public static readonly string[] Names =
    [
        "melodiousness",
        "articulation",
        "rhythmic complexity",
        "rhythmic stability",
        "dissonance",
        "tonal stability",
        "minorness",
    ];

    /// <summary>The roughness at which dissonance is one half: about the median of the default dataset's chords.</summary>
    private const double MedianRoughness = 0.8;

    public static double[] Rate(Cue cue, Texture texture, IReadOnlyList<Chord> chords) =>
        [
            Melodiousness(cue, texture),
            Articulation(cue),
            RhythmicComplexity(cue, texture),
            RhythmicStability(cue, texture),
            Dissonance(cue, chords, texture.Style),
            TonalStability(cue, texture),
            Minorness(cue),
        ];

    /// <summary><c>m + 0.25 a - 0.12 chromaticism - 0.2 t</c>, with m = 0.65 sad, 0.7 happy, 0.35 scary, 0.8 peaceful: singable is stepwise
    /// or triadic, legato, slow, in key.</summary>
    public static double Melodiousness(Cue cue, Texture texture)
    {
        double character = cue.Melody switch
        {
            MelodyCharacter.Sad => 0.65,
            MelodyCharacter.Happy => 0.7,
            MelodyCharacter.Scary => 0.35,
            _ => 0.8,
        };
        return Limit(character + (0.25 * cue.Articulation) - (0.12 * texture.Chromaticism) - (0.2 * cue.RelativeTempo));
    }

    /// <summary><c>(1 - a) / 0.75</c>: 0 legato, 1 staccato.</summary>
    public static double Articulation(Cue cue) =>
        Limit((Cue.LongestArticulation - cue.Articulation) / (Cue.LongestArticulation - Cue.ShortestArticulation));

    /// <summary><c>0.55 syncopation + 0.2 (happy, whose melodies are dotted) + 0.25 t</c>.</summary>
    public static double RhythmicComplexity(Cue cue, Texture texture) =>
        Limit((0.55 * texture.Syncopation) + (cue.Melody == MelodyCharacter.Happy ? 0.2 : 0) + (0.25 * cue.RelativeTempo));

    /// <summary><c>1 - 0.6 unsteadiness - 0.25 syncopation - 0.15 (1 - t)</c>: easy to march to.</summary>
    public static double RhythmicStability(Cue cue, Texture texture) =>
        Limit(1 - (0.6 * texture.Unsteadiness) - (0.25 * texture.Syncopation) - (0.15 * (1 - cue.RelativeTempo)));

    /// <summary><c>R / (R + 0.8)</c>, R the mean roughness of the chords as played (first eight partials of each tone, loudest tone at
    /// amplitude 1).</summary>
    public static double Dissonance(Cue cue, IReadOnlyList<Chord> chords, CueStyle style = CueStyle.Band)
    {
        double sum = 0;
        int count = 0;
        foreach (Chord chord in chords)
        {
            sum += Roughness.Compute([.. PartialsOf(cue, chord, style)]);
            count++;
        }

        double roughness = sum / count;
        return roughness / (roughness + MedianRoughness);
    }

    /// <summary><c>1 - 0.6 chromaticism - 0.25 (scary: roots a tritone or semitone apart) - 0.15 clash</c>.</summary>
    public static double TonalStability(Cue cue, Texture texture) =>
        Limit(1 - (0.6 * texture.Chromaticism) - (cue.Melody == MelodyCharacter.Scary ? 0.25 : 0) - (0.15 * texture.Clash));

    /// <summary><c>0.1 + 0.65 minor + 0.15 (scary) + 0.1 (1 - t)</c>: listeners hear slow and eerie music as more minor.</summary>
    public static double Minorness(Cue cue) =>
        Limit(0.1 + (cue.Minor ? 0.65 : 0) + (cue.Melody == MelodyCharacter.Scary ? 0.15 : 0) + (0.1 * (1 - cue.RelativeTempo)));

    private static IEnumerable<Partial> PartialsOf(Cue cue, Chord chord, CueStyle style)
    {
        Instrument instrument = Instrument.Choose(cue.Timbre, style);
        foreach (ChordTone tone in chord.Tones)
        {
            if (tone.Weight <= 0)
                continue;
            double frequency = DeterministicMath.Frequency(tone.Pitch);
            double[] spectrum = instrument.Spectrum(frequency, cue.Dynamics, 8);
            for (int k = 0; k < spectrum.Length; k++)
                yield return new Partial(frequency * (k + 1), tone.Weight * Math.Max(spectrum[k], 1e-6));
        }
    }

    private static double Limit(double value) => Math.Clamp(value, 0, 1);
}
