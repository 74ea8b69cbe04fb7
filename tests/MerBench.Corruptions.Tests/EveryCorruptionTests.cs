using System.Reflection;
using MerBench.Tests;

namespace MerBench.Corruptions.Tests;

/// <summary>What holds for every corruption at every severity. Corruptions are found by their attribute, so none can be
/// forgotten.</summary>
public sealed class EveryCorruptionTests
{
    // What shifts the sound in time or phase is as far from the clip at any severity: there SNR says nothing, and other tests look at the
    // parameter itself.
    private static readonly string[] s_moving =
    [
        "high-pass",
        "leading-silence",
        "low-pass",
        "pitch-shift",
        "griffin-lim",
        "over-the-air",
        "speed",
        "time-stretch",
    ];

    private static readonly float[] s_music = Sounds.Music();

    private static IEnumerable<TestCaseData> All()
    {
        foreach (
            Type type in typeof(Noise)
                .Assembly.GetTypes()
                .Where(t => t.GetCustomAttribute<CorruptionAttribute>() is not null)
                .OrderBy(t => t.Name, StringComparer.Ordinal)
        )
        {
            string id = type.GetCustomAttribute<CorruptionAttribute>()!.Id;
            if (type == typeof(Noise))
                foreach (NoiseColor color in Enum.GetValues<NoiseColor>())
                    yield return Case($"{id} {color}", new Noise(new NoiseOptions(color)));
            else if (type == typeof(Codec))
                foreach (CodecFormat format in Enum.GetValues<CodecFormat>())
                    yield return Case($"{id} {format}", new Codec(new CodecOptions(format)));
            else
                yield return Case(id, WithDefaults(type));
        }
    }

    private static IEnumerable<TestCaseData> InPlace() => All().Where(c => !s_moving.Contains((string)c.Arguments[0]!));

    private static TestCaseData Case(string name, ICorruption corruption) => new TestCaseData(name, corruption).SetArgDisplayNames(name);

    private static ICorruption WithDefaults(Type type)
    {
        ParameterInfo[] parameters = type.GetConstructors()
            .Single()
            .GetParameters()[0]
            .ParameterType.GetConstructors()
            .Single()
            .GetParameters();
        object options = Activator.CreateInstance(
            type.GetConstructors().Single().GetParameters()[0].ParameterType,
            [.. parameters.Select(p => p.DefaultValue)]
        )!;
        return (ICorruption)Activator.CreateInstance(type, options)!;
    }

    [Test]
    public void All_twenty_are_looked_at() =>
        Assert.That(All().Select(c => ((string)c.Arguments[0]!).Split(' ')[0]).Distinct().Count(), Is.EqualTo(20));

    [TestCaseSource(nameof(All))]
    public void Sound_stays_finite_in_range_and_without_offset_and_is_changed(string name, ICorruption corruption)
    {
        for (int severity = 1; severity <= 5; severity++)
        {
            float[] after = Corrupted.Clip(corruption, s_music, severity);
            Assert.That(after, Has.Length.EqualTo(s_music.Length));
            Assert.That(after, Has.All.Matches<float>(x => float.IsFinite(x) && Math.Abs(x) <= 1), $"{name} {severity}");
            Assert.That(after.Average(), Is.Zero.Within(0.01), $"{name} {severity}");
            Assert.That(Measured.Rms(after), Is.GreaterThan(0.03 * Measured.Rms(s_music)), $"{name} {severity} is silent");
            Assert.That(after.AsSpan().SequenceEqual(s_music), Is.False, $"{name} {severity} does nothing");
        }
    }

    [TestCaseSource(nameof(All))]
    public void The_same_stream_gives_the_same_bits_alone_or_in_a_batch(string name, ICorruption corruption)
    {
        float[] other = Sounds.Music(name: "other");
        float[][] together = Corrupted.Batch(corruption, 3, ("a", s_music), ("b", other), ("c", s_music));
        Assert.That(Corrupted.Clip(corruption, s_music, 3, "a").AsSpan().SequenceEqual(together[0]), name);
        Assert.That(Corrupted.Clip(corruption, other, 3, "b").AsSpan().SequenceEqual(together[1]), name);
        Assert.That(Corrupted.Clip(corruption, s_music, 3, "c").AsSpan().SequenceEqual(together[2]), name);
    }

    [TestCaseSource(nameof(All))]
    public void The_clean_clip_is_left_alone(string name, ICorruption corruption)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        TorchSharp.torch.Tensor input = TorchSharp.torch.tensor(s_music).unsqueeze(0);
        corruption.Corrupt(
            new CorruptionContext(input, Domain.Waveform, 5, Corrupted.SampleRate, [RandomStream.For(name)], new Box(-1, 1))
            {
                FindFfmpeg = InstalledFfmpeg.OrSkip,
            },
            CancellationToken.None
        );
        Assert.That(input.data<float>().ToArray().AsSpan().SequenceEqual(s_music));
    }

    [TestCaseSource(nameof(InPlace))]
    public void Severity_lowers_the_signal_to_noise_ratio(string name, ICorruption corruption)
    {
        double[] snr = [.. Enumerable.Range(1, 5).Select(severity => Measured.Snr(Corrupted.Clip(corruption, s_music, severity), s_music))];
        Assert.That(snr, Is.Ordered.Descending, $"{name}: {string.Join(" ", snr)}");
        Assert.That(snr, Is.Unique, name);
    }

    [TestCaseSource(nameof(All))]
    public void A_silent_clip_stays_finite_and_nearly_silent(string name, ICorruption corruption)
    {
        for (int severity = 1; severity <= 5; severity++)
            Assert.That(
                Corrupted.Clip(corruption, new float[s_music.Length], severity),
                Has.All.Matches<float>(x => Math.Abs(x) < 1e-4),
                $"{name} {severity}"
            );
    }

    [TestCaseSource(nameof(All))]
    public void Cancelling_stops_it(string name, ICorruption corruption)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var context = new CorruptionContext(
            TorchSharp.torch.zeros(1, 8),
            Domain.Waveform,
            1,
            Corrupted.SampleRate,
            [RandomStream.For(name)],
            null
        );
        Assert.That(
            () => corruption.Corrupt(context, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }
}
