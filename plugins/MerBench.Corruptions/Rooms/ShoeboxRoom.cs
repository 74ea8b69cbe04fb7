namespace MerBench.Corruptions;

/// <summary>A place in a room, in metres from a corner.</summary>
internal readonly record struct Place(double X, double Y, double Z)
{
    public double DistanceTo(Place other) => Math.Sqrt(Square(X - other.X) + Square(Y - other.Y) + Square(Z - other.Z));

    private static double Square(double x) => x * x;
}

/// <summary>A source behind walls: how far it is from the microphone in metres, and how often its sound met a wall.</summary>
internal readonly record struct ImageSource(double Distance, int Reflections);

/// <summary>
/// A room with six plane walls that absorb the same share of energy at all frequencies and angles. Its walls are mirrors (Allen and Berkley
/// 1979): each path from source to microphone is a straight one from an image of the source.
/// </summary>
/// <param name="Size">Length, width and height in metres.</param>
/// <param name="Absorption">The share of energy, above 0 and below 1, that a wall takes.</param>
/// <param name="Source">Where sound comes from.</param>
/// <param name="Microphone">Where it is heard.</param>
internal sealed record ShoeboxRoom(Place Size, double Absorption, Place Source, Place Microphone)
{
    /// <summary>In metres a second, at 20 degrees.</summary>
    public const double SpeedOfSound = 343;

    private const double LongestSeconds = 3;

    /// <summary>The time in which energy falls by 60 dB in a diffuse field (Eyring 1930): <c>24 ln 10 V / (-c S ln(1 - a))</c>.</summary>
    public double ReverberationTime => 24 * Math.Log(10) * Volume / (-SpeedOfSound * Surface * Math.Log(1 - Absorption));

    private double Volume => Size.X * Size.Y * Size.Z;

    private double Surface => 2 * ((Size.X * Size.Y) + (Size.Y * Size.Z) + (Size.X * Size.Z));

    /// <summary>
    /// The response from the direct sound on, for as long as the reverberation time, 3 s at most. An image at distance d whose sound met
    /// walls k times gives an impulse of <c>(1 - a)^(k/2) / (4 pi d)</c> at time <c>d / c</c>.
    /// </summary>
    /// <param name="sampleRate">In Hz.</param>
    public RoomResponse Respond(int sampleRate)
    {
        double seconds = Math.Min(ReverberationTime, LongestSeconds);
        double direct = Source.DistanceTo(Microphone),
            reflection = Math.Sqrt(1 - Absorption);
        var impulses = new BandLimitedImpulses((int)Math.Ceiling(seconds * sampleRate));
        foreach (ImageSource image in Images(direct + (SpeedOfSound * seconds)))
        {
            double delay = (image.Distance - direct) / SpeedOfSound * sampleRate;
            impulses.Add(delay, Math.Pow(reflection, image.Reflections) / (4 * Math.PI * image.Distance));
        }

        return impulses.ToResponse();
    }

    /// <summary>The source and its images up to a distance in metres, in no order.</summary>
    public IEnumerable<ImageSource> Images(double farthest)
    {
        (double Offset, int Reflections)[] alongX = [.. Along(Size.X, Source.X, Microphone.X, farthest)],
            alongY = [.. Along(Size.Y, Source.Y, Microphone.Y, farthest)],
            alongZ = [.. Along(Size.Z, Source.Z, Microphone.Z, farthest)];
        double most = farthest * farthest;
        foreach ((double x, int reflectionsX) in alongX)
        foreach ((double y, int reflectionsY) in alongY)
        {
            double across = (x * x) + (y * y);
            if (across > most)
                continue;
            foreach ((double z, int reflectionsZ) in alongZ)
                if (across + (z * z) is var squared && squared <= most)
                    yield return new ImageSource(Math.Sqrt(squared), reflectionsX + reflectionsY + reflectionsZ);
        }
    }

    // One dimension: images stand at 2 n L + s, having met walls |2 n| times, and at 2 n L - s, having met them |2 n - 1| times.
    private static IEnumerable<(double Offset, int Reflections)> Along(double size, double source, double microphone, double farthest)
    {
        int last = (int)Math.Ceiling(farthest / (2 * size)) + 1;
        for (int n = -last; n <= last; n++)
        {
            double around = 2 * n * size;
            yield return (around + source - microphone, Math.Abs(2 * n));
            yield return (around - source - microphone, Math.Abs((2 * n) - 1));
        }
    }
}
