namespace MerBench.Datasets.Cues.Design;

/// <summary>How clips are divided.</summary>
/// <param name="Seconds">Length of a clip.</param>
/// <param name="Hop">Changes come at multiples of this many seconds.</param>
/// <param name="Sections">How many sections a clip has.</param>
internal sealed record SectionOptions(double Seconds, double Hop, int Sections);
