using static TorchSharp.torch;

namespace MerBench.Corruptions.Tests;

/// <summary>Clips played in rooms and recorded there.</summary>
public sealed class OverTheAirTests
{
    private static readonly OverTheAir s_shoebox = new(new OverTheAirOptions());

    [Test]
    public void The_direct_sound_stays_where_it_was([Range(1, 5)] int severity)
    {
        float[] impulse = new float[Corrupted.SampleRate];
        impulse[500] = 0.5f;
        float[] heard = Corrupted.Clip(s_shoebox, impulse, severity);
        Assert.That(Array.IndexOf(heard, heard.Max()), Is.EqualTo(500));
        Assert.That(Measured.Energy(heard.AsSpan(0, 467)), Is.Zero.Within(1e-12), "nothing before it but what bands limit");
    }

    // The response has energy 1, and noise has the same power at all frequencies.
    [Test]
    public void Noise_is_as_loud_as_before([Range(1, 5)] int severity)
    {
        float[] noise = Sounds.WhiteNoise(seconds: 4);
        double before = Measured.Rms(noise.AsSpan(^Corrupted.SampleRate..));
        double after = Measured.Rms(Corrupted.Clip(s_shoebox, noise, severity).AsSpan(^Corrupted.SampleRate..));
        Assert.That(20 * Math.Log10(after / before), Is.Zero.Within(0.6));
    }

    [Test]
    public void It_is_linear([Values(1, 4)] int severity)
    {
        using var scope = NewDisposeScope();
        Tensor music = tensor(Sounds.Music()).to(float64).unsqueeze(0),
            noise = tensor(Sounds.WhiteNoise(seconds: 2)).to(float64).unsqueeze(0);
        Tensor together = s_shoebox.Approach(Context((0.3 * music) - (2 * noise), severity)),
            apart = (0.3 * s_shoebox.Approach(Context(music, severity))) - (2 * s_shoebox.Approach(Context(noise, severity)));
        Assert.That((together - apart).abs().max().item<double>(), Is.LessThan(1e-12));
    }

    // <A x, y> = <x, A' y>, and central differences of a linear map are exact: in float64 only rounding is left.
    [Test]
    public void The_gradient_is_that_of_differences([Values(1, 3, 5)] int severity)
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(Sounds.Music()[..8000]).to(float64).unsqueeze(0).requires_grad_();
        Tensor weight = randn(x.shape, ScalarType.Float64, generator: new Generator(5)),
            direction = randn(x.shape, ScalarType.Float64, generator: new Generator(6));
        Tensor gradient = autograd.grad([(s_shoebox.Approach(Context(x, severity)) * weight).sum()], [x])[0];
        double Value(Tensor input) => (s_shoebox.Approach(Context(input, severity)) * weight).sum().item<double>();
        using var guard = no_grad();
        double measured = (Value(x + (1e-3 * direction)) - Value(x - (1e-3 * direction))) / 2e-3,
            claimed = (gradient * direction).sum().item<double>();
        Assert.That(measured, Is.EqualTo(claimed).Within(1e-8 * Math.Abs(claimed)));
        Assert.That(gradient.dtype, Is.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void Each_stream_has_its_room_which_a_new_instance_draws_again()
    {
        float[] music = Sounds.Music();
        float[] first = Corrupted.Clip(s_shoebox, music, 3, "a");
        Assert.That(Corrupted.Clip(new OverTheAir(new OverTheAirOptions()), music, 3, "a"), Is.EqualTo(first));
        Assert.That(Corrupted.Clip(s_shoebox, music, 3, "b"), Is.Not.EqualTo(first));
        Assert.That(Corrupted.Clip(s_shoebox, music, 4, "a"), Is.Not.EqualTo(first));
    }

    [Test]
    public void Rooms_are_drawn_around_what_a_severity_says_with_all_that_is_in_them()
    {
        var rooms = new ShoeboxRooms(Scale("length", 5), Scale("absorption", 0.4), Scale("distance", 2));
        ShoeboxRoom[] drawn = [.. Enumerable.Range(0, 200).Select(i => rooms.Draw(1, RandomStream.For("room", $"{i}")))];
        Assert.That(drawn.Select(r => r.Size.X), Has.All.InRange(4.25, 6.0).And.Some.LessThan(4.5).And.Some.GreaterThan(5.7));
        Assert.That(drawn.Select(r => r.Absorption), Has.All.InRange(0.34, 0.48));
        Assert.That(drawn.Select(r => r.Source.DistanceTo(r.Microphone)), Has.All.InRange(1.6, 2.4));
        foreach (ShoeboxRoom room in drawn)
        foreach (Place place in new[] { room.Source, room.Microphone })
            Assert.That(
                new[] { place.X / room.Size.X, place.Y / room.Size.Y, place.Z / room.Size.Z },
                Has.All.InRange(0.29 / 6, 1 - (0.29 / 6))
            );
    }

    [Test]
    public void What_does_not_fit_into_a_room_is_refused()
    {
        Refused(new OverTheAirOptions(Length: [1]), "'length'", "2 to 60");
        Refused(new OverTheAirOptions(Absorption: [0]), "'absorption'");
        Refused(new OverTheAirOptions(Distance: [100]), "'distance'");
        Refused(new OverTheAirOptions(Distance: [0.5, 5]), "5 m apart into rooms of 4 m", "severity 2", "lower 'distance'");
    }

    private static void Refused(OverTheAirOptions options, params string[] words)
    {
        PluginUserException refusal = Assert.Throws<PluginUserException>(() => new OverTheAir(options))!;
        foreach (string word in words)
            Assert.That(refusal.Message, Does.Contain(word));
    }

    private static SeverityScale Scale(string option, double value) => new("over-the-air", option, null, [value]);

    private static CorruptionContext Context(Tensor clips, int severity) =>
        new(clips, Domain.Waveform, severity, Corrupted.SampleRate, [RandomStream.For("a")], new Box(-1, 1));
}
