namespace MerBench.Corruptions.Tests;

/// <summary>Dropout, leading silence.</summary>
public sealed class LossTests
{
    private static readonly float[] s_noise = Sounds.WhiteNoise(seconds: 2);

    [Test]
    public void Dropout_loses_the_given_share_in_whole_packets([Values(0.03, 0.25, 0.6)] double share)
    {
        float[] after = Corrupted.Clip(new Dropout(new DropoutOptions(Packet: 20, Share: [share])), s_noise);
        Assert.That(after.Zip(s_noise).All(p => p.First == 0 || p.First == p.Second));
        bool[] lost = [.. after.Chunk(441).Select(packet => packet.All(x => x == 0))];
        Assert.That(lost.Count(l => l), Is.EqualTo(Math.Round(share * 100)), "of a hundred packets");
        Assert.That(after.Count(x => x == 0) / (double)after.Length, Is.EqualTo(share).Within(0.001));
    }

    [Test]
    public void Dropout_of_a_short_clip_leaves_something() =>
        Assert.That(Corrupted.Clip(new Dropout(new DropoutOptions(Share: [0.95])), s_noise[..900]), Has.Some.Not.Zero);

    [Test]
    public void Leading_silence_delays_by_so_many_seconds_and_cuts_the_end([Values(0.05, 1.0)] double seconds)
    {
        int delay = (int)Math.Round(seconds * Corrupted.SampleRate);
        float[] after = Corrupted.Clip(new LeadingSilence(new LeadingSilenceOptions([seconds])), s_noise);
        Assert.That(after[..delay], Is.All.Zero);
        Assert.That(after.AsSpan(delay).SequenceEqual(s_noise.AsSpan(0, s_noise.Length - delay)));
    }

    [Test]
    public void Silence_as_long_as_the_clip_is_refused() =>
        Assert.That(
            () => Corrupted.Clip(new LeadingSilence(new LeadingSilenceOptions([2])), s_noise),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("2 s of silence in a clip of 2 s")
        );
}
