using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues.Music;

/// <summary>Writes a clip: phrases A A' B A', or A B A' B, of a melody over a progression, with the accompaniment that goes with
/// its character.</summary>
internal static class Composer
{
    private const double MelodyLevel = 1,
        ChordLevel = 0.35,
        ArpeggioLevel = 0.55,
        BassLevel = 0.6;

    public static Score Compose(
        Cue cue,
        Texture texture,
        IReadOnlyList<Chord> progression,
        double seconds,
        Func<string, RandomStream> streams
    )
    {
        var grid = new TimeGrid(cue, texture, seconds, streams("timing"));
        List<Note> notes = [];
        WriteMelody(notes, cue, texture, progression, grid, streams);
        for (int half = 0; half < grid.Phrases * 2; half++)
            WriteAccompaniment(notes, cue, texture.Style, progression[half % progression.Count], grid, half * 4);
        notes.RemoveAll(note => note.Start >= seconds);
        return new Score(notes, cue.Dynamics, seconds, texture.Style);
    }

    private static void WriteMelody(
        List<Note> notes,
        Cue cue,
        Texture texture,
        IReadOnlyList<Chord> progression,
        TimeGrid grid,
        Func<string, RandomStream> streams
    )
    {
        var writer = new MelodyWriter(cue, texture);
        RandomStream shape = streams("motif");
        int[] a = writer.Motif(shape),
            b = writer.Motif(shape);
        double[] rhythmOfA = Rhythm.Phrase(cue, texture, shape),
            rhythmOfB = Rhythm.Phrase(cue, texture, shape);
        RandomStream random = streams("melody");
        Instrument instrument = Instrument.Choose(cue.Timbre, texture.Style);
        for (int phrase = 0; phrase < grid.Phrases; phrase++)
        {
            bool contrast = texture.Style == CueStyle.Band ? phrase % 4 == 2 : phrase % 2 == 1;
            int chord = phrase * 2 % progression.Count;
            int[] pitches = writer.Realise(contrast ? b : a, progression[chord], progression[chord + 1], phrase % 2 == 1, random);
            double[] lengths = contrast ? rhythmOfB : rhythmOfA;
            double unit = phrase * Rhythm.NotesPerPhrase;
            for (int i = 0; i < pitches.Length; i++)
            {
                double start = grid.Seconds(unit),
                    length = grid.Seconds(unit + lengths[i]) - start;
                notes.Add(
                    new Note(start, cue.Articulation * length, pitches[i], MelodyLevel * Expression(i, random), instrument, Part.Melody)
                );
                unit += lengths[i];
            }
        }
    }

    /// <summary>Phrases swell by 1.5 dB towards their middle, the first note of a half is accented, and no two notes are quite
    /// alike.</summary>
    private static double Expression(int i, RandomStream random)
    {
        double fromMiddle = (i - 3.5) / 3.5;
        double decibels = (1.5 * (1 - (fromMiddle * fromMiddle))) + (i % 4 == 0 ? 1 : 0) + random.NextDouble() - 2;
        return DeterministicMath.FromDecibels(decibels);
    }

    /// <summary>Four units of accompaniment over one chord.</summary>
    private static void WriteAccompaniment(List<Note> notes, Cue cue, CueStyle style, Chord chord, TimeGrid grid, int unit)
    {
        Instrument winds = Instrument.Choose(cue.Timbre, style),
            plucked = Instrument.Accompaniment(style);
        switch (cue.Melody)
        {
            case MelodyCharacter.Happy:
                for (int beat = 0; beat < 4; beat += 2)
                {
                    Bass(beat, beat == 0 ? chord.Bass : chord.Bass + 7, 2);
                    Together(winds, beat + 1, 1, ChordLevel);
                }

                break;
            case MelodyCharacter.Peaceful:
                Bass(0, chord.Bass, 4);
                int[] order = [0, 1, 2, 1];
                for (int i = 0; i < order.Length; i++)
                    Sound(plucked, i, 2, chord.Tones[order[i]].Pitch, ArpeggioLevel, Part.Chords);
                Sound(plucked, 2, 2, chord.Tones[^1].Pitch, ArpeggioLevel * chord.Tones[^1].Weight, Part.Chords);
                break;
            case MelodyCharacter.Scary:
                Bass(0, chord.Bass, 2);
                Bass(2, chord.Bass + 6, 2);
                Together(winds, 0, 4, ChordLevel * 1.2);
                break;
            default:
                Bass(0, chord.Bass, 4);
                Together(winds, 0, 4, ChordLevel);
                break;
        }

        void Together(Instrument instrument, double from, double length, double level)
        {
            foreach (ChordTone tone in chord.Tones)
                Sound(instrument, from, length, tone.Pitch, level * tone.Weight, Part.Chords);
        }

        void Bass(double from, int pitch, double length) => Sound(plucked, from, length, pitch, BassLevel, Part.Bass);

        void Sound(Instrument instrument, double from, double length, int pitch, double level, Part part)
        {
            if (level <= 0)
                return;
            double start = grid.Seconds(unit + from),
                end = grid.Seconds(unit + from + length);
            notes.Add(new Note(start, cue.Articulation * (end - start), pitch, level, instrument, part));
        }
    }
}
