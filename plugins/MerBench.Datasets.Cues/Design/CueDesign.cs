using System.Globalization;

namespace MerBench.Datasets.Cues.Design;

/// <summary>
/// Draws the factors of a clip from seed and index alone. Blocks of 24 clips hold every combination of mode, melody and timbre once, and
/// spread
/// register, tempo, dynamics and articulation evenly over their ranges (a Latin hypercube a block), so that any prefix of the dataset is
/// nearly balanced.
/// </summary>
internal sealed class CueDesign(int seed, int keys = 1, CueStyle style = CueStyle.Band)
{
    private const int BlockSize = 24;

    private static readonly int[] s_circleOfFifths = [0, 7, 5, 2, 10, 9, 3, 4, 8, 11, 1, 6];

    // The first style draws what it drew before there were others.
    private readonly string _seed = string.Create(CultureInfo.InvariantCulture, $"{seed}{(style == CueStyle.Band ? "" : $" {style}")}");

    /// <summary>The random stream of one clip for one purpose.</summary>
    public RandomStream StreamOf(int clip, string purpose) =>
        RandomStream.For("cues", _seed, clip.ToString(CultureInfo.InvariantCulture), purpose);

    public Cue CueOf(int clip)
    {
        int combination = Place(clip, "combination");
        RandomStream random = StreamOf(clip, "cue");
        double register = Spread(clip, "register", random),
            tempo = Spread(clip, "tempo", random);
        double dynamics = Spread(clip, "dynamics", random),
            articulation = Spread(clip, "articulation", random);
        return new Cue(
            Cue.LowestRegister + (int)(register * (Cue.HighestRegister - Cue.LowestRegister + 1)),
            combination % 2 == 1,
            Cue.SlowestTempo * DeterministicMath.Exp2(tempo * DeterministicMath.Log2(Cue.FastestTempo / Cue.SlowestTempo)),
            Between(Cue.SoftestDynamics, Cue.LoudestDynamics, dynamics),
            Between(Cue.ShortestArticulation, Cue.LongestArticulation, articulation),
            (Timbre)(combination / 8),
            (MelodyCharacter)(combination / 2 % 4)
        );
    }

    public Texture TextureOf(int clip, MelodyCharacter melody)
    {
        RandomStream random = StreamOf(clip, "texture");
        int key = s_circleOfFifths[random.NextInt32(keys)];
        double syncopation = random.NextDouble(),
            unsteadiness = random.NextDouble(),
            clash = random.NextDouble(),
            chromaticism = random.NextDouble();
        return melody == MelodyCharacter.Scary
            ? new Texture(key, syncopation, unsteadiness, Between(0.5, 1, clash), Between(0.6, 1, chromaticism), style)
            : new Texture(key, syncopation, unsteadiness, Between(0, 0.5, clash), Between(0, 0.4, chromaticism), style);
    }

    /// <summary>In what a section differs from the one before: each factor in a third of a block, and by turns within a clip.</summary>
    public Change ChangeOf(int clip, int section) => (Change)((Place(clip, "change") + section) % 3);

    private static double Between(double low, double high, double share) => low + ((high - low) * share);

    /// <summary>A number in [0, 1) that falls once into each 24th within a block.</summary>
    private double Spread(int clip, string factor, RandomStream random) => (Place(clip, factor) + random.NextDouble()) / BlockSize;

    private int Place(int clip, string factor)
    {
        Span<int> places = stackalloc int[BlockSize];
        for (int i = 0; i < BlockSize; i++)
            places[i] = i;
        string block = (clip / BlockSize).ToString(CultureInfo.InvariantCulture);
        RandomStream.For("cues", _seed, "block", block, factor).Shuffle(places);
        return places[clip % BlockSize];
    }
}
