using MerBench.Datasets.Cues.Design;

namespace MerBench.Datasets.Cues.Synthesis;

/// <summary>
/// An instrument by additive synthesis: a spectrum that depends on pitch and dynamics, and an envelope of level and brightness over a
/// note's life.
/// </summary>
/// <param name="Rolloff">The k-th partial falls as k^-Rolloff.</param>
/// <param name="Corner">Hz above which partials fall by a further 12 dB an octave, at 0 dB.</param>
/// <param name="EvenLevel">Amplitude of even partials relative to odd ones.</param>
/// <param name="Attack">Seconds to full level.</param>
/// <param name="Decay">Seconds in which the level halves its distance to the sustain level.</param>
/// <param name="Sustain">Share of the full level that a held tone keeps; 0 for a plucked string.</param>
/// <param name="Release">Seconds from the end of the note to silence.</param>
/// <param name="Bloom">How much duller a soft moment within a note is: doublings lost a partial at level 0.</param>
/// <param name="Damping">For a plucked string: halvings a second, a partial.</param>
/// <param name="Vibrato">Depth as a share of the frequency.</param>
internal sealed record Instrument(
    double Rolloff,
    double Corner,
    double EvenLevel,
    double Attack,
    double Decay,
    double Sustain,
    double Release,
    double Bloom,
    double Damping,
    double Vibrato
)
{
    public const int MostPartials = 32;

    /// <summary>Vibrato cycles a second, and seconds until it is fully there.</summary>
    public const double VibratoRate = 5.2,
        VibratoOnset = 0.5;

    private static readonly Instrument s_trumpet = new(0.5, 1700, 1, 0.018, 0.12, 0.8, 0.035, 0.5, 0, 0.0025);
    private static readonly Instrument s_flute = new(1.9, 1500, 0.8, 0.035, 0.2, 0.9, 0.05, 0.3, 0, 0.004);
    private static readonly Instrument s_horn = new(1.0, 750, 0.9, 0.03, 0.15, 0.85, 0.05, 0.45, 0, 0);

    private static readonly Instrument s_pluckedString = new(1.1, 1200, 0.7, 0.006, 0.35, 0, 0.06, 0, 0.6, 0);

    // In their order of brightness, as the three they stand for.
    private static readonly Instrument s_violin = new(0.7, 2300, 0.95, 0.055, 0.3, 0.95, 0.08, 0.35, 0, 0.005);
    private static readonly Instrument s_reed = new(1.8, 1400, 0.3, 0.045, 0.2, 0.92, 0.06, 0.3, 0, 0.001);
    private static readonly Instrument s_cello = new(1.1, 900, 0.9, 0.07, 0.25, 0.95, 0.09, 0.4, 0, 0.004);
    private static readonly Instrument s_bar = new(1.7, 1000, 0.35, 0.004, 0.5, 0, 0.1, 0, 0.9, 0);

    /// <summary>The accompaniment's instrument for bass and broken chords: a plucked string or a struck bar.</summary>
    public static Instrument Accompaniment(CueStyle style) => style == CueStyle.Band ? s_pluckedString : s_bar;

    /// <summary>The melody's instrument.</summary>
    public static Instrument Choose(Timbre timbre, CueStyle style = CueStyle.Band) =>
        (timbre, style) switch
        {
            (Timbre.Trumpet, CueStyle.Band) => s_trumpet,
            (Timbre.Flute, CueStyle.Band) => s_flute,
            (_, CueStyle.Band) => s_horn,
            (Timbre.Trumpet, _) => s_violin,
            (Timbre.Flute, _) => s_reed,
            _ => s_cello,
        };

    /// <summary>
    /// Amplitudes of partials 1, 2, ...; their sum of squares is 1. Each 8 dB of dynamics move the corner by an octave and each 20 dB the
    /// roll-off by one
    /// power: a loud tone is bright, as on real instruments, so dynamics survive the normalisation of peak level.
    /// </summary>
    public double[] Spectrum(double frequency, double dynamics, int most)
    {
        double corner = Corner * DeterministicMath.Exp2(dynamics / 8);
        double rolloff = Math.Max(0.2, Rolloff - (dynamics / 20));
        var amplitudes = new double[most];
        double energy = 0;
        for (int k = 1; k <= most; k++)
        {
            double relative = k * frequency / corner;
            double amplitude = DeterministicMath.Power(k, -rolloff) / (1 + (relative * relative)) * (k % 2 == 0 ? EvenLevel : 1);
            amplitudes[k - 1] = amplitude;
            energy += amplitude * amplitude;
        }

        double scale = 1 / Math.Sqrt(energy);
        for (int k = 0; k < most; k++)
            amplitudes[k] *= scale;
        return amplitudes;
    }

    /// <summary>The level, 0 to 1, a time after the start of a note.</summary>
    public double LevelAt(double time, double duration)
    {
        double rise = Math.Min(Attack, 0.5 * duration);
        double level = DeterministicMath.SmoothStep(time / rise);
        if (time > rise)
            level = Sustain + ((1 - Sustain) * DeterministicMath.Exp2(-(time - rise) / Decay));
        return level * (1 - DeterministicMath.SmoothStep((time - duration) / Release));
    }

    /// <summary>The factor from one partial to the next, on top of the spectrum: 1 at full brightness.</summary>
    public double BrightnessAt(double time, double level) => DeterministicMath.Exp2(-(Bloom * (1 - level)) - (Damping * Math.Min(time, 4)));
}
