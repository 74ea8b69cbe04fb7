namespace MerBench.Corruptions.Tests;

/// <summary>Hum, crackle, reverb.</summary>
public sealed class AddedSoundTests
{
    private static readonly float[] s_music = Sounds.Music(seconds: 4);

    [Test]
    public void Hum_has_ten_harmonics_that_fall_as_one_over_k([Values(50, 60)] double mains)
    {
        float[] hum = Measured.Difference(Corrupted.Clip(new Hum(new HumOptions(mains, [10])), s_music), s_music);
        double first = Measured.Amplitude(hum, mains);
        for (int k = 1; k <= 10; k++)
            Assert.That(Measured.Amplitude(hum, k * mains), Is.EqualTo(first / k).Within(1).Percent, $"harmonic {k}");
        Assert.That(Measured.Amplitude(hum, 11 * mains), Is.LessThan(first / 1000));
        Assert.That(Measured.Amplitude(hum, 5.5 * mains), Is.LessThan(first / 1000));
    }

    [Test]
    public void Hum_has_the_exact_ratio([Values(40, 13.5, -3)] double snr) =>
        Assert.That(
            Measured.Snr(Corrupted.Clip(new Hum(new HumOptions(Snr: [snr])), Sounds.Music()), Sounds.Music()),
            Is.EqualTo(snr).Within(0.01)
        );

    [Test]
    public void Crackle_clicks_so_many_times_a_second([Values(5, 20)] double rate)
    {
        float[] music = Sounds.Music(seconds: 20);
        float[] clicks = Measured.Difference(Corrupted.Clip(new Crackle(new CrackleOptions([rate])), music), music);

        // A click lasts ten decays, 10 ms at most; clicks closer than that count once.
        int count = 0,
            gap = Corrupted.SampleRate / 100;
        for (int i = 0, last = -gap; i < clicks.Length; i++)
        {
            if (Math.Abs(clicks[i]) < 1e-6)
                continue;
            if (i - last >= 20)
                count++;
            last = i;
        }

        double expected = rate * 20;
        Assert.That(count, Is.EqualTo(expected).Within((3.5 * Math.Sqrt(expected)) + (expected * rate * 0.01)), "Poisson, less overlaps");
    }

    [Test]
    public void Crackle_of_another_clip_clicks_elsewhere() =>
        Assert.That(
            Corrupted
                .Clip(new Crackle(new CrackleOptions()), s_music, 3, "a")
                .AsSpan()
                .SequenceEqual(Corrupted.Clip(new Crackle(new CrackleOptions()), s_music, 3, "b")),
            Is.False
        );

    // Energy left after t (Schroeder 1965) of noise that falls by 60 dB in T falls by 60 dB in T too.
    [Test]
    public void Reverb_decays_by_sixty_decibels_in_its_time([Values(0.3, 0.8, 1.5)] double time)
    {
        float[] impulse = new float[2 * Corrupted.SampleRate];
        impulse[0] = 0.9f;
        float[] room = Corrupted.Clip(new Reverb(new ReverbOptions([time])), impulse);
        double Left(double seconds) => 10 * Math.Log10(Measured.Energy(room.AsSpan(1 + (int)(seconds * Corrupted.SampleRate))));
        Assert.That((Left(0) - Left(time / 3)) * 3, Is.EqualTo(60).Within(3));
        Assert.That(Measured.Energy(room), Is.EqualTo(0.81).Within(0.1).Percent, "energy is kept");
        Assert.That(
            Measured.Energy(room.AsSpan(1)) / (room[0] * room[0]),
            Is.EqualTo(time).Within(1).Percent,
            "reverberant over direct energy is T / 1 s"
        );
    }

    [Test]
    public void Each_clip_gets_a_room_of_its_own() =>
        Assert.That(
            Corrupted
                .Clip(new Reverb(new ReverbOptions()), s_music, 3, "a")
                .AsSpan()
                .SequenceEqual(Corrupted.Clip(new Reverb(new ReverbOptions()), s_music, 3, "b")),
            Is.False
        );
}
