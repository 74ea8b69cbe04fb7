using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Music;

/// <summary>
/// Chord progressions of four chords, two a phrase. Sad, happy and peaceful music walks through the chords of the scale; scary music has
/// roots a tritone
/// or a semitone apart, each chord a third of the mode below a tritone. Every chord has a tone that clashes, as loud as the texture asks.
/// </summary>
internal static class Harmony
{
    private static readonly int[][] s_sad =
    [
        [0, 5, 3, 4],
        [0, 3, 0, 4],
        [0, 6, 5, 4],
    ];
    private static readonly int[][] s_happy =
    [
        [0, 3, 4, 0],
        [0, 4, 0, 4],
        [0, 3, 0, 4],
    ];
    private static readonly int[][] s_peaceful =
    [
        [0, 5, 3, 0],
        [0, 3, 0, 3],
        [0, 2, 3, 0],
    ];

    // Semitones above the tonic.
    private static readonly int[][] s_scary =
    [
        [0, 6, 1, 0],
        [0, 1, 0, 6],
        [0, 6, 0, 1],
    ];

    private static readonly int[][] s_sadChamber =
    [
        [0, 2, 5, 4],
        [0, 5, 1, 4],
        [0, 3, 6, 4],
    ];
    private static readonly int[][] s_happyChamber =
    [
        [0, 1, 4, 0],
        [0, 5, 3, 4],
        [0, 4, 3, 0],
    ];
    private static readonly int[][] s_peacefulChamber =
    [
        [0, 4, 5, 3],
        [0, 1, 3, 0],
        [0, 5, 0, 3],
    ];
    private static readonly int[][] s_scaryChamber =
    [
        [0, 6, 7, 1],
        [0, 6, 5, 11],
        [0, 1, 7, 6],
    ];

    // The accompaniment lies a ninth below the melody, but never where chords turn to mud.
    private const int BelowMelody = 11,
        LowestCentre = 48;

    public static IReadOnlyList<Chord> Plan(Cue cue, Texture texture, RandomStream random)
    {
        var scale = new Scale(texture.Key, cue.Minor);
        int[] roots = Progressions(cue.Melody, texture.Style)[random.NextInt32(3)];
        return cue.Melody == MelodyCharacter.Scary
            ? [.. roots.Select(s => Eerie(scale, s, cue, texture))]
            : [.. roots.Select(d => Triad(scale, d, cue, texture))];
    }

    private static int[][] Progressions(MelodyCharacter melody, CueStyle style) =>
        (melody, style) switch
        {
            (MelodyCharacter.Sad, CueStyle.Band) => s_sad,
            (MelodyCharacter.Happy, CueStyle.Band) => s_happy,
            (MelodyCharacter.Peaceful, CueStyle.Band) => s_peaceful,
            (_, CueStyle.Band) => s_scary,
            (MelodyCharacter.Sad, _) => s_sadChamber,
            (MelodyCharacter.Happy, _) => s_happyChamber,
            (MelodyCharacter.Peaceful, _) => s_peacefulChamber,
            _ => s_scaryChamber,
        };

    private static Chord Triad(Scale scale, int degree, Cue cue, Texture texture)
    {
        int root = scale.Pitch(degree);
        // A major seventh below the octave of the root beats with it.
        return Voice(cue, root, [root, scale.Pitch(degree + 2), scale.Pitch(degree + 4)], root + 11, texture.Clash);
    }

    private static Chord Eerie(Scale scale, int semitones, Cue cue, Texture texture)
    {
        int root = scale.Key + semitones;
        return Voice(cue, root, [root, root + scale.Third, root + 6], root + 1, texture.Clash);
    }

    private static Chord Voice(Cue cue, int root, int[] triad, int clashing, double clash)
    {
        int centre = Math.Max(LowestCentre, cue.Register - BelowMelody);
        List<ChordTone> tones =
        [
            .. triad.Select(p => Nearest(p, centre)).Order().Select(p => new ChordTone(p, 1)),
            new ChordTone(Nearest(clashing, centre), clash),
        ];
        int bass = Math.Clamp(cue.Register - 25, 36, 55);
        return new Chord(tones, Nearest(root, bass), [.. triad.Select(p => p % 12)]);
    }

    /// <summary>The pitch of the same class within a tritone of the centre.</summary>
    private static int Nearest(int pitch, int centre)
    {
        int offset = (((pitch - centre) % 12) + 12) % 12;
        return centre + (offset > 6 ? offset - 12 : offset);
    }
}
