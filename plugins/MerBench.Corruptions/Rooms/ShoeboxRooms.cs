using System.Globalization;

namespace MerBench.Corruptions;

/// <summary>Rooms by the image-source method whose size, absorption and places are drawn around what a severity says.</summary>
internal sealed class ShoeboxRooms : IRooms
{
    private const double LowestCeiling = 2.2;
    private const double MostAbsorption = 0.95;
    private const double FromWalls = 0.3;
    private const double Shortest = 0.85,
        Farthest = 1.2;

    private readonly SeverityScale _length;
    private readonly SeverityScale _absorption;
    private readonly SeverityScale _distance;

    /// <param name="length">Length of the room in metres.</param>
    /// <param name="absorption">Share of energy that walls take.</param>
    /// <param name="distance">From source to microphone in metres.</param>
    /// <exception cref="PluginUserException">Source and microphone do not fit into each room of a severity.</exception>
    public ShoeboxRooms(SeverityScale length, SeverityScale absorption, SeverityScale distance)
    {
        (_length, _absorption, _distance) = (length, absorption, distance);
        for (int severity = 1; severity <= Math.Min(length.Largest, distance.Largest); severity++)
            if (Farthest * distance.At(severity) > (Shortest * length.At(severity)) - (2 * FromWalls))
                throw new PluginUserException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The corruption 'over-the-air' cannot put source and microphone {distance.At(severity)} m apart into rooms of "
                            + $"{length.At(severity)} m, as severity {severity} says: lower 'distance' or raise 'length'."
                    )
                );
    }

    /// <inheritdoc/>
    public RoomResponse Choose(CorruptionContext setting, RandomStream random) =>
        Draw(setting.Severity, random).Respond(setting.SampleRate).AsByLoudspeaker(setting.SampleRate).AtUnitEnergy();

    /// <summary>A room.</summary>
    /// <exception cref="PluginUserException">The severity has no value.</exception>
    public ShoeboxRoom Draw(int severity, RandomStream random)
    {
        double length = _length.At(severity) * Between(random, Shortest, 1.2);
        var size = new Place(
            length,
            length * Between(random, 0.6, 0.9),
            Math.Max(LowestCeiling, _length.At(severity) * Between(random, 0.4, 0.6))
        );
        double walls = Math.Min(MostAbsorption, _absorption.At(severity) * Between(random, 0.85, 1.2)),
            apart = _distance.At(severity) * Between(random, 0.8, Farthest);
        Place way = DrawWay(apart, size, random);
        var source = new Place(DrawAlong(size.X, way.X, random), DrawAlong(size.Y, way.Y, random), DrawAlong(size.Z, way.Z, random));
        return new ShoeboxRoom(size, walls, source, new Place(source.X + way.X, source.Y + way.Y, source.Z + way.Z));
    }

    // In any direction (Marsaglia 1972) in which it fits.
    private static Place DrawWay(double apart, Place size, RandomStream random)
    {
        while (true)
        {
            (double x, double y, double z) = (random.NextNormal(), random.NextNormal(), random.NextNormal());
            double gain = apart / Math.Sqrt((x * x) + (y * y) + (z * z));
            var way = new Place(x * gain, y * gain, z * gain);
            if (Fits(way.X, size.X) && Fits(way.Y, size.Y) && Fits(way.Z, size.Z))
                return way;
        }
    }

    private static bool Fits(double way, double size) => Math.Abs(way) <= size - (2 * FromWalls);

    // Where the source stands, so that the microphone stands in the room as well.
    private static double DrawAlong(double size, double way, RandomStream random) =>
        Between(random, FromWalls + Math.Max(0, -way), size - FromWalls - Math.Max(0, way));

    private static double Between(RandomStream random, double low, double high) => low + ((high - low) * random.NextDouble());
}
