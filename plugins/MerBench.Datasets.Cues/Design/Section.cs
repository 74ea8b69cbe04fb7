namespace MerBench.Datasets.Cues.Design;

/// <summary>What changes from one section to the next.</summary>
internal enum Change
{
    Mode,
    Tempo,
    Dynamics,
}

/// <summary>A part of a clip that has one cue.</summary>
/// <param name="Start">When it begins, in seconds.</param>
/// <param name="Length">Its length in seconds.</param>
/// <param name="Cue">Its factors.</param>
/// <param name="Change">In what it differs from the section before; null for the first.</param>
internal sealed record Section(double Start, double Length, Cue Cue, Change? Change);
