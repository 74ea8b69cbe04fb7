namespace MerBench.Corruptions.Tests;

/// <summary>Rooms by the image-source method against what geometry and room acoustics say of them.</summary>
public sealed class ShoeboxRoomTests
{
    private const int Rate = Corrupted.SampleRate;

    // Source and microphone 3 m apart: (1, 2, 2).
    private static readonly ShoeboxRoom s_room = new(new Place(6, 5, 4), 0.36, new Place(1, 1, 1), new Place(2, 3, 3));

    // By hand: the source mirrored in the walls x = 0 (-1, 1, 1), x = 6 (11, 1, 1), y = 0, y = 5 (1, 9, 1), z = 0, z = 4 (1, 1, 7).
    private static readonly double[] s_first = [17, 89, 21, 41, 21, 21];

    [Test]
    public void The_direct_sound_and_the_first_reflections_come_from_where_mirrors_show_them()
    {
        ImageSource[] images = [.. s_room.Images(30)];
        Assert.That(images.Where(i => i.Reflections == 0).Select(i => i.Distance), Is.EqualTo(new[] { 3.0 }).Within(1e-12));
        Assert.That(
            images.Where(i => i.Reflections == 1).Select(i => i.Distance).Order(),
            Is.EqualTo(s_first.Select(Math.Sqrt).Order()).Within(1e-12)
        );
        Assert.That(images.Count(i => i.Reflections == 2 && i.Distance < 30), Is.EqualTo(18), "6 walls twice in turn, 12 edges once");
        Assert.That(images.Select(i => i.Distance), Has.All.LessThanOrEqualTo(30));
    }

    // Each image once: as many as mirrored rooms have volumes in the sphere.
    [Test]
    public void Images_are_as_many_as_rooms_fit_into_the_sphere()
    {
        double expected = 4 / 3.0 * Math.PI * Math.Pow(80, 3) / (6 * 5 * 4);
        Assert.That(s_room.Images(80).Count(), Is.EqualTo(expected).Within(1.5).Percent);
    }

    [Test]
    public void Impulses_have_the_height_and_the_delay_of_their_path()
    {
        RoomResponse response = s_room.Respond(Rate);
        Assert.That(response.Taps[response.Direct], Is.EqualTo(1 / (4 * Math.PI * 3)).Within(1e-6), "at time 0, 1 / (4 pi d)");
        // Across the wall x = 0: sqrt(17) m, alone in its milliseconds. All that surrounds its delay is the area under it.
        double delay = (Math.Sqrt(17) - 3) / 343 * Rate,
            height = 0.8 / (4 * Math.PI * Math.Sqrt(17));
        int nearest = (int)Math.Round(delay);
        double behind = Math.PI * (delay - nearest),
            window = 0.5 * (1 + Math.Cos(behind / 33));
        // Other reflections are 29 samples off and more, and ring here by less than a hundredth.
        Assert.That(
            response.Taps[response.Direct + nearest],
            Is.EqualTo(height * Math.Sin(behind) / behind * window).Within(0.02 * height)
        );
    }

    [TestCase(0)]
    [TestCase(0.3)]
    [TestCase(-0.5)]
    public void Impulses_between_samples_delay_sines_by_parts_of_samples(double fraction)
    {
        var impulses = new BandLimitedImpulses(200);
        impulses.Add(100 + fraction, 1);
        RoomResponse response = impulses.ToResponse();
        foreach (double hertz in new[] { 200.0, 2000, 7000 })
        {
            double turn = 2 * Math.PI * hertz / Rate,
                real = response.Taps.Select((x, k) => x * Math.Cos(turn * (k - response.Direct - 100 - fraction))).Sum(),
                imaginary = response.Taps.Select((x, k) => x * Math.Sin(turn * (k - response.Direct - 100 - fraction))).Sum();
            Assert.That(real, Is.EqualTo(1).Within(0.002), $"{hertz} Hz");
            Assert.That(imaginary, Is.Zero.Within(0.002), $"{hertz} Hz");
        }
    }

    // In a room that is nearly a cube the field is diffuse enough for Eyring.
    [TestCase(0.15)]
    [TestCase(0.3)]
    [TestCase(0.5)]
    public void Energy_falls_as_Eyring_says(double absorption)
    {
        var room = new ShoeboxRoom(new Place(6.1, 5.3, 4.7), absorption, new Place(1.2, 2, 1.4), new Place(4.1, 3.7, 2.9));
        double eyring = 0.1611 * (6.1 * 5.3 * 4.7) / (2 * ((6.1 * 5.3) + (5.3 * 4.7) + (6.1 * 4.7)) * -Math.Log(1 - absorption));
        Assert.That(room.ReverberationTime, Is.EqualTo(eyring).Within(0.1).Percent);
        Assert.That(MeasureReverberation(room), Is.EqualTo(eyring).Within(12).Percent);
    }

    // Lehmann and Johansson 2008: after t seconds sound of direction u met c t |u_i| / L_i walls of dimension i.
    [Test]
    public void In_rooms_as_they_are_drawn_energy_falls_as_the_mean_over_directions()
    {
        var room = new ShoeboxRoom(new Place(6, 4.5, 3), 0.3, new Place(1, 2, 1), new Place(2.2, 3, 1.7));
        double[] decay = [.. Enumerable.Range(0, 1000).Select(i => MeanOverDirections(i * 0.001))];
        double expected = 0.001 * Fall(decay);
        Assert.That(MeasureReverberation(room), Is.EqualTo(expected).Within(6).Percent);
        Assert.That(expected, Is.GreaterThan(1.1 * room.ReverberationTime), "sound along the room meets fewer walls than Eyring has it");

        double MeanOverDirections(double seconds)
        {
            double sum = 0;
            for (int i = 0; i < 40; i++)
            for (int j = 0; j < 40; j++)
            {
                double up = (i + 0.5) / 40,
                    flat = Math.Sqrt(1 - (up * up)),
                    angle = Math.PI / 2 * (j + 0.5) / 40;
                double walls = 343 * seconds * ((flat * Math.Cos(angle) / 6) + (flat * Math.Sin(angle) / 4.5) + (up / 3));
                sum += Math.Pow(0.7, walls);
            }

            return sum;
        }
    }

    // As a loudspeaker plays it: the sum of impulses of one sign grows into an offset that falls more slowly, and that nobody hears.
    private static double MeasureReverberation(ShoeboxRoom room) =>
        (double)Fall([.. room.Respond(Rate).AsByLoudspeaker(Rate).Taps.Select(x => x * x)]) / Rate;

    // Schroeder's backward integration: three times the steps from -5 to -25 dB.
    private static int Fall(double[] energy)
    {
        double whole = energy.Sum(),
            left = whole;
        var decibels = new double[energy.Length];
        for (int i = 0; i < energy.Length; i++)
            decibels[i] = 10 * Math.Log10((left -= energy[i]) / whole);
        return 3 * (Array.FindIndex(decibels, d => d < -25) - Array.FindIndex(decibels, d => d < -5));
    }
}
