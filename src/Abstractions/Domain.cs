namespace MerBench;

/// <summary>Where a perturbation lives, and what a network reads.</summary>
public enum Domain
{
    /// <summary>Standardised features of the front end, <c>[B, T, F]</c>: frames by bands.</summary>
    Features,

    /// <summary>Mono samples in <c>[-1, 1]</c>, <c>[B, N]</c>, at the front end's sample rate.</summary>
    Waveform,
}
