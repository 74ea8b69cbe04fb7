using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues.Music;

/// <summary>Which part plays a note.</summary>
internal enum Part
{
    Melody,
    Chords,
    Bass,
}

/// <summary>One tone to sound.</summary>
/// <param name="Start">Seconds from the start of the clip.</param>
/// <param name="Duration">Seconds until its release begins.</param>
/// <param name="Pitch">MIDI number.</param>
/// <param name="Amplitude">Linear.</param>
/// <param name="Instrument">Who plays it.</param>
/// <param name="Part">In which part.</param>
internal sealed record Note(double Start, double Duration, double Pitch, double Amplitude, Instrument Instrument, Part Part);

/// <summary>A clip's music, or that of a section.</summary>
/// <param name="Notes">All tones.</param>
/// <param name="Dynamics">Level in dB, -10 to 10.</param>
/// <param name="Seconds">Length of the clip.</param>
/// <param name="Style">How it is played, and in which room.</param>
internal sealed record Score(IReadOnlyList<Note> Notes, double Dynamics, double Seconds, CueStyle Style = CueStyle.Band);
