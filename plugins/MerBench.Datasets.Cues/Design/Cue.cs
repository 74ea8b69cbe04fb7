namespace MerBench.Datasets.Cues.Design;

/// <summary>The instrument that plays the melody; the published coefficients know these three.</summary>
internal enum Timbre
{
    Trumpet,
    Flute,
    Horn,
}

/// <summary>The character of the melody, a factor of its own in the study.</summary>
internal enum MelodyCharacter
{
    Sad,
    Happy,
    Scary,
    Peaceful,
}

/// <summary>
/// The seven factors of Eerola, Friberg and Bresin (2013), of which the emotion ratings are functions.
/// </summary>
/// <param name="Register">Mean pitch of the melody, MIDI number, 53 to 83.</param>
/// <param name="Minor">Mode: false major, true minor.</param>
/// <param name="Tempo">Melody notes a second, 1.2 to 6.</param>
/// <param name="Dynamics">Level in dB, -10 to 10; also brightness.</param>
/// <param name="Articulation">Duration of a note over the time to the next, 0.25 (staccato) to 1 (legato).</param>
/// <param name="Timbre">The instrument.</param>
/// <param name="Melody">The melody's character.</param>
internal sealed record Cue(
    int Register,
    bool Minor,
    double Tempo,
    double Dynamics,
    double Articulation,
    Timbre Timbre,
    MelodyCharacter Melody
)
{
    public const int LowestRegister = 53,
        HighestRegister = 83;
    public const double SlowestTempo = 1.2,
        FastestTempo = 6;
    public const double SoftestDynamics = -10,
        LoudestDynamics = 10;
    public const double ShortestArticulation = 0.25,
        LongestArticulation = 1;

    /// <summary>Where the tempo stands in its range, 0 to 1, on a logarithmic scale.</summary>
    public double RelativeTempo => DeterministicMath.Log2(Tempo / SlowestTempo) / DeterministicMath.Log2(FastestTempo / SlowestTempo);
}

/// <summary>
/// What the music has beyond the study's factors. It moves the seven concepts, not the emotions. All from 0 to 1 unless said otherwise.
/// </summary>
/// <param name="Key">Pitch class of the tonic, 0 to 11; 0 is C.</param>
/// <param name="Syncopation">Share of note pairs in uneven rhythm.</param>
/// <param name="Unsteadiness">Random timing: 1 stretches and shrinks beats by some 15 %.</param>
/// <param name="Clash">Amplitude of the dissonant tone in each chord, relative to the chord's other tones.</param>
/// <param name="Chromaticism">How readily melody notes leave the scale.</param>
/// <param name="Style">How it is written and played.</param>
internal sealed record Texture(
    int Key,
    double Syncopation,
    double Unsteadiness,
    double Clash,
    double Chromaticism,
    CueStyle Style = CueStyle.Band
);
