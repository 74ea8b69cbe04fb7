namespace MerBench.Datasets.Cues.Music;

/// <summary>A sounding tone of a chord.</summary>
/// <param name="Pitch">MIDI number.</param>
/// <param name="Weight">Amplitude relative to the chord's other tones, 0 to 1.</param>
internal readonly record struct ChordTone(int Pitch, double Weight);

/// <summary>A chord as voiced.</summary>
/// <param name="Tones">The accompaniment's tones from low to high; the last one is the clashing tone.</param>
/// <param name="Bass">Pitch of the bass.</param>
/// <param name="PitchClasses">Pitch classes of root, third and fifth, to which melodies resolve.</param>
internal sealed record Chord(IReadOnlyList<ChordTone> Tones, int Bass, IReadOnlyList<int> PitchClasses);
