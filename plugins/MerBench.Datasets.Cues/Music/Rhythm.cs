using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Music;

/// <summary>
/// Rhythms of a phrase: eight notes that last eight units together, so that the number of notes a second is the tempo whatever the rhythm.
/// Uneven pairs
/// (dotted or their reverse) come with syncopation; happy melodies are always partly dotted.
/// </summary>
internal static class Rhythm
{
    public const int NotesPerPhrase = 8;

    /// <summary>The notes' lengths in units.</summary>
    public static double[] Phrase(Cue cue, Texture texture, RandomStream random)
    {
        double[] lengths = [1, 1, 1, 1, 1, 1, 1, 1];
        int[] pairs = [0, 1, 2, 3];
        random.Shuffle<int>(pairs);
        int uneven = (int)Math.Floor((texture.Syncopation * 3) + random.NextDouble());
        bool happy = cue.Melody == MelodyCharacter.Happy;
        if (happy)
            (lengths[0], lengths[1], lengths[4], lengths[5]) = (1.5, 0.5, 1.5, 0.5);
        for (int i = 0; i < uneven; i++)
        {
            bool reversed = random.NextDouble() < 0.5 * texture.Syncopation;
            (lengths[2 * pairs[i]], lengths[(2 * pairs[i]) + 1]) = reversed ? (0.5, 1.5) : (1.5, 0.5);
        }

        // Calm phrases rest on their last note; a pair of short notes before makes room.
        if (cue.Melody is MelodyCharacter.Sad or MelodyCharacter.Peaceful && uneven < 3)
        {
            (lengths[4], lengths[5]) = (0.5, 0.5);
            (lengths[6], lengths[7]) = (1, 2);
        }

        return lengths;
    }
}
