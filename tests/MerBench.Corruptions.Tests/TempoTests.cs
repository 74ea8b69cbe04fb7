namespace MerBench.Corruptions.Tests;

/// <summary>Speed, pitch shift, time stretch.</summary>
public sealed class TempoTests
{
    private static readonly float[] s_sine = Sounds.Sine(440, seconds: 2);

    private static float[] Middle(float[] sound) => sound[2000..(sound.Length / 2)];

    [Test]
    public void Pitch_shift_multiplies_frequencies_by_the_interval([Values(-12, -5, 0.5, 1, 7, 12)] double semitones)
    {
        float[] shifted = Corrupted.Clip(new PitchShift(new PitchShiftOptions([semitones])), s_sine);
        Assert.That(shifted, Has.Length.EqualTo(s_sine.Length));
        Assert.That(Measured.Frequency(Middle(shifted)), Is.EqualTo(440 * Math.Pow(2, semitones / 12)).Within(0.5).Percent);
        Assert.That(Measured.Rms(Middle(shifted)), Is.EqualTo(Measured.Rms(s_sine)).Within(5).Percent);
    }

    [Test]
    public void Time_stretch_keeps_frequencies([Values(0.6, 0.8, 0.95, 1.25)] double tempo)
    {
        float[] stretched = Corrupted.Clip(new TimeStretch(new TimeStretchOptions([tempo])), s_sine);
        Assert.That(Measured.Frequency(Middle(stretched)), Is.EqualTo(440).Within(0.5).Percent);
        Assert.That(Measured.Rms(Middle(stretched)), Is.EqualTo(Measured.Rms(s_sine)).Within(5).Percent);
    }

    [Test]
    public void Speed_multiplies_frequencies([Values(0.5, 0.7, 0.98, 1.5)] double factor)
    {
        float[] played = Corrupted.Clip(new Speed(new SpeedOptions([factor])), s_sine);
        Assert.That(Measured.Frequency(Middle(played)), Is.EqualTo(440 * factor).Within(0.1).Percent);
        Assert.That(Measured.Rms(Middle(played)), Is.EqualTo(Measured.Rms(s_sine)).Within(1).Percent);
    }

    // A tone that enters a second late tells where time went: at tempo t it enters at 1 / t seconds.
    [Test]
    public void Time_stretch_and_speed_move_events_and_pitch_shift_does_not([Values(0.7, 0.9, 1.25)] double tempo)
    {
        float[] late = [.. new float[Corrupted.SampleRate], .. Sounds.Sine(440, seconds: 1)];
        Assert.That(Entrance(Corrupted.Clip(new TimeStretch(new TimeStretchOptions([tempo])), late)), Is.EqualTo(1 / tempo).Within(0.05));
        Assert.That(Entrance(Corrupted.Clip(new Speed(new SpeedOptions([tempo])), late)), Is.EqualTo(1 / tempo).Within(0.01));
        Assert.That(
            Entrance(Corrupted.Clip(new PitchShift(new PitchShiftOptions([12 * Math.Log2(tempo)])), late)),
            Is.EqualTo(1).Within(0.05)
        );
    }

    [Test]
    public void A_tempo_of_one_changes_nothing()
    {
        float[] music = Sounds.Music();
        Assert.That(Measured.Snr(Corrupted.Clip(new TimeStretch(new TimeStretchOptions([1])), music), music), Is.GreaterThan(100));
    }

    // What Speed reads beyond half the rate of the new sound would fold back.
    [Test]
    public void Speeding_up_does_not_alias()
    {
        float[] fast = Corrupted.Clip(new Speed(new SpeedOptions([2])), Sounds.Sine(7000, seconds: 2));
        Assert.That(Measured.Rms(Middle(fast)), Is.LessThan(1e-3 * 0.5));
    }

    private static double Entrance(float[] sound) => Array.FindIndex(sound, x => Math.Abs(x) > 0.25) / (double)Corrupted.SampleRate;
}
