namespace MerBench.Datasets.Cues.Music;

/// <summary>
/// A major or natural minor scale. A step counts scale notes from the tonic in octave 0 of MIDI; seven steps make an octave.
/// </summary>
internal sealed class Scale(int key, bool minor)
{
    private static readonly int[] s_major = [0, 2, 4, 5, 7, 9, 11];
    private static readonly int[] s_minor = [0, 2, 3, 5, 7, 8, 10];

    private readonly int[] _semitones = minor ? s_minor : s_major;

    public int Key => key;

    /// <summary>Semitones from the tonic up to its third: 4 major, 3 minor.</summary>
    public int Third => _semitones[2];

    /// <summary>The MIDI pitch of a step.</summary>
    public int Pitch(int step)
    {
        int degree = ((step % 7) + 7) % 7;
        return key + _semitones[degree] + (12 * ((step - degree) / 7));
    }

    /// <summary>The step whose pitch is nearest; the lower of two.</summary>
    public int NearestStep(double pitch)
    {
        int best = 0;
        for (int step = 0; step < 80; step++)
            if (Math.Abs(Pitch(step) - pitch) < Math.Abs(Pitch(best) - pitch))
                best = step;
        return best;
    }
}
