using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Music;

/// <summary>
/// Pitches of a phrase. Sad: descending steps that start over halfway. Happy: rising broken chords. Peaceful: one slow arch of steps.
/// Scary: leaps by
/// tritones, sevenths and semitones outside any key. In all but the scary one, notes where the harmony changes are chord tones.
/// </summary>
internal sealed class MelodyWriter
{
    private static readonly int[] s_arch = [-1, 0, 1, 2, 2, 1, 0, -1];
    private static readonly int[] s_leaps = [6, -1, -6, 1, 11, -11, 13, -13];

    private readonly Cue _cue;
    private readonly Texture _texture;
    private readonly Scale _scale;
    private readonly int _centre;

    public MelodyWriter(Cue cue, Texture texture)
    {
        (_cue, _texture) = (cue, texture);
        _scale = new Scale(texture.Key, cue.Minor);
        _centre = _scale.NearestStep(cue.Register);
    }

    /// <summary>A phrase's shape, which later phrases take up over other chords: steps from the centre, or semitones from the register when
    /// scary.</summary>
    public int[] Motif(RandomStream random)
    {
        var motif = new int[Rhythm.NotesPerPhrase];
        int arch = random.NextDouble() < 0.75 ? 1 : -1;
        for (int i = 0; i < motif.Length; i++)
        {
            motif[i] = _cue.Melody switch
            {
                MelodyCharacter.Sad when i is 0 or 4 => i == 0 ? 3 : 1 + random.NextInt32(2),
                MelodyCharacter.Sad => motif[i - 1] + (random.NextDouble() < 0.8 ? -1 : random.NextInt32(2)),
                MelodyCharacter.Happy when i is 0 or 4 => -3 + random.NextInt32(2),
                MelodyCharacter.Happy => motif[i - 1] + (random.NextDouble() < 0.75 ? 2 : 1),
                MelodyCharacter.Peaceful => arch * (s_arch[i] + (random.NextDouble() < 0.15 ? 1 : 0)),
                _ => i == 0 ? random.NextInt32(7) - 3 : Leap(motif[i - 1], random),
            };
        }

        return motif;
    }

    /// <summary>The motif over two chords, one for each half.</summary>
    /// <param name="motif">Its shape.</param>
    /// <param name="first">Chord of the first half.</param>
    /// <param name="second">Chord of the second half.</param>
    /// <param name="closing">Whether the phrase ends on a tone of the chord.</param>
    /// <param name="random">Decides where notes leave the scale.</param>
    /// <returns>MIDI pitches.</returns>
    public int[] Realise(int[] motif, Chord first, Chord second, bool closing, RandomStream random)
    {
        var pitches = new int[motif.Length];
        for (int i = 0; i < motif.Length; i++)
        {
            Chord chord = i < motif.Length / 2 ? first : second;
            double chance = random.NextDouble();
            if (_cue.Melody == MelodyCharacter.Scary)
            {
                pitches[i] = _cue.Register + motif[i];
                continue;
            }

            bool strong = i is 0 or 4 || (i == motif.Length - 1 && closing) || (_cue.Melody == MelodyCharacter.Happy && i % 2 == 0);
            int pitch = _scale.Pitch(_centre + motif[i]);
            if (strong)
                pitch = NearestTone(pitch, chord);
            else if (chance < 0.5 * _texture.Chromaticism)
                pitch++;
            pitches[i] = pitch;
        }

        return pitches;
    }

    private static int Leap(int from, RandomStream random)
    {
        int leap = s_leaps[random.NextInt32(s_leaps.Length)];
        if (Math.Abs(from + leap) <= 8)
            return from + leap;
        if (Math.Abs(from - leap) <= 8)
            return from - leap;
        return from > 0 ? from - 6 : from + 6;
    }

    private static int NearestTone(int pitch, Chord chord)
    {
        for (int distance = 0; distance < 6; distance++)
        {
            if (chord.PitchClasses.Contains((pitch - distance) % 12))
                return pitch - distance;
            if (chord.PitchClasses.Contains((pitch + distance) % 12))
                return pitch + distance;
        }

        return pitch;
    }
}
