namespace MerBench.Datasets.Cues.Design;

/// <summary>How the music is written and played; ratings follow the same rules in all styles.</summary>
public enum CueStyle
{
    /// <summary>Trumpet, flute and horn over plucked strings; phrases A A' B A'.</summary>
    Band,

    /// <summary>Bowed strings and a reed over struck bars, in a larger room; other chords, and phrases A B A' B.</summary>
    Chamber,
}
