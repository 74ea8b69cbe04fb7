using static TorchSharp.torch;

namespace MerBench.Corruptions.Tests;

public sealed class NoiseTests
{
    private static readonly Budget Decibels = new(Norm.Snr, 0);

    private static Tensor Corrupt(Tensor input, NoiseOptions options, int severity = 3, params string[] ids)
    {
        if (ids.Length == 0)
            ids = [.. Enumerable.Range(0, (int)input.shape[0]).Select(i => $"clip {i}")];
        Domain domain = input.dim() == 2 ? Domain.Waveform : Domain.Features;
        var context = new CorruptionContext(
            input,
            domain,
            severity,
            22050,
            [.. ids.Select(id => RandomStream.For("noise", id))],
            domain == Domain.Waveform ? new Box(-1, 1) : null
        );
        return new Noise(options).Corrupt(context, CancellationToken.None);
    }

    private static float[] Floats(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static Tensor Music(Domain domain)
    {
        manual_seed(1);
        return domain == Domain.Waveform ? randn(3, 22051) * tensor(new[] { 0.2f, 0.001f, 0.05f }).unsqueeze(1) : randn(3, 313, 149);
    }

    [Test]
    public void The_ratio_of_each_clip_is_exact([Values] NoiseColor color, [Values] Domain domain, [Values(1, 2, 3, 4, 5)] int severity)
    {
        using var scope = NewDisposeScope();
        Tensor input = Music(domain).to(ScalarType.Float64),
            noisy = Corrupt(Music(domain), new NoiseOptions(color), severity).to(ScalarType.Float64);
        double[] measured = Decibels.Measure(noisy - input, input).data<double>().ToArray();
        Assert.That(measured, Is.All.EqualTo(new[] { 40.0, 30, 20, 10, 0 }[severity - 1]).Within(0.01));
    }

    [Test]
    public void Given_ratios_replace_the_default_ones()
    {
        using var scope = NewDisposeScope();
        Tensor input = Music(Domain.Waveform);
        var options = new NoiseOptions(Snr: [25, -3]);
        Assert.That(Floats(Decibels.Measure(Corrupt(input, options, 1) - input, input)), Is.All.EqualTo(25).Within(0.01));
        Assert.That(Floats(Decibels.Measure(Corrupt(input, options, 2) - input, input)), Is.All.EqualTo(-3).Within(0.01));
        Assert.That(
            () => Corrupt(input, options, 3),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("severity 3").And.Message.Contains("2 value(s)")
        );
    }

    [Test]
    public void Ratios_that_are_not_finite_are_refused([Values(double.NaN, double.PositiveInfinity)] double snr) =>
        Assert.That(() => new Noise(new NoiseOptions(Snr: [20, snr])), Throws.InstanceOf<PluginUserException>());

    [TestCase(NoiseColor.White, Domain.Waveform, 0)]
    [TestCase(NoiseColor.Pink, Domain.Waveform, -10)]
    [TestCase(NoiseColor.White, Domain.Features, 0)]
    [TestCase(NoiseColor.Pink, Domain.Features, -10)]
    public void Its_power_falls_by_so_many_decibels_a_decade(NoiseColor color, Domain domain, double expected)
    {
        using var scope = NewDisposeScope();
        Tensor input = Music(domain);
        Tensor noise = Corrupt(input, new NoiseOptions(color), 5) - input;
        Tensor power = fft.rfft(noise, dim: 1).abs().square();
        double[] spectrum = (domain == Domain.Features ? power.mean([0, 2]) : power.mean([0]))
            .to(ScalarType.Float64)
            .data<double>()
            .ToArray();
        (double X, double Y)[] points =
        [
            .. Enumerable.Range(1, spectrum.Length - 2).Select(k => (Math.Log10(k), 10 * Math.Log10(spectrum[k]))),
        ];
        double meanX = points.Average(p => p.X),
            meanY = points.Average(p => p.Y);
        double slope = points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / points.Sum(p => (p.X - meanX) * (p.X - meanX));
        Assert.That(slope, Is.EqualTo(expected).Within(0.3));
    }

    [Test]
    public void A_clip_alone_gets_the_noise_that_it_gets_in_a_batch([Values] NoiseColor color, [Values] Domain domain)
    {
        using var scope = NewDisposeScope();
        Tensor input = Music(domain);
        float[] together = Floats(Corrupt(input, new NoiseOptions(color)));
        float[] alone =
        [
            .. Enumerable.Range(0, 3).SelectMany(i => Floats(Corrupt(input[i].unsqueeze(0), new NoiseOptions(color), 3, $"clip {i}"))),
        ];
        Assert.That(alone.AsSpan().SequenceEqual(together));
    }

    [Test]
    public void Running_twice_gives_the_same_bits_and_another_stream_other_ones([Values] NoiseColor color)
    {
        using var scope = NewDisposeScope();
        float[] Once(params string[] ids) => Floats(Corrupt(Music(Domain.Waveform), new NoiseOptions(color), 3, ids));
        Assert.That(Once("a", "b", "c").AsSpan().SequenceEqual(Once("a", "b", "c")));
        Assert.That(Once("a", "b", "c").AsSpan().SequenceEqual(Once("a", "b", "d")), Is.False);
    }

    // Noise of amplitudes a_k and independent phases correlates by sum a_k^2 cos(d_k) / sum a_k^2: mean 0, variance sum a_k^4 / 2 / (sum
    // a_k^2)^2, over bins 1 to 156.
    [TestCase(NoiseColor.White, 1 / 313.0)]
    [TestCase(NoiseColor.Pink, 0.0258)]
    [TestCase(NoiseColor.Brown, 0.2016)]
    public void Bands_get_independent_noise(NoiseColor color, double variance)
    {
        using var scope = NewDisposeScope();
        Tensor input = Music(Domain.Features);
        Tensor noise = (Corrupt(input, new NoiseOptions(color), 5) - input)[0];
        Tensor correlations = corrcoef(noise.transpose(0, 1));
        Tensor pairs = correlations[triu(ones_like(correlations), 1).to(ScalarType.Bool)];
        Assert.That(pairs.mean().item<float>(), Is.Zero.Within(0.02));
        Assert.That(pairs.square().mean().item<float>(), Is.EqualTo(variance).Within(15).Percent);
    }

    [Test]
    public void Silence_stays_silent([Values] NoiseColor color)
    {
        using var scope = NewDisposeScope();
        Assert.That(Floats(Corrupt(zeros(2, 1000), new NoiseOptions(color), 5)), Is.All.EqualTo(0f));
    }

    [Test]
    public void Clips_of_a_few_samples_stay_finite([Values] NoiseColor color, [Values(1, 2, 3)] int length)
    {
        using var scope = NewDisposeScope();
        Assert.That(Floats(Corrupt(ones(2, length), new NoiseOptions(color), 5)), Has.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Both_domains_are_offered() => Assert.That(new Noise(new NoiseOptions()).Domains, Is.EquivalentTo(Enum.GetValues<Domain>()));

    [Test]
    public void Cancelling_stops_it()
    {
        using var scope = NewDisposeScope();
        var context = new CorruptionContext(zeros(1, 8), Domain.Waveform, 1, 22050, [RandomStream.For("a")], null);
        Assert.That(
            () => new Noise(new NoiseOptions()).Corrupt(context, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }
}
