namespace MerBench.Corruptions;

/// <summary>Rooms to choose from.</summary>
internal interface IRooms
{
    /// <summary>What a microphone in one of them hears of an impulse.</summary>
    /// <param name="setting">Severity, sample rate and purpose.</param>
    /// <param name="random">Chooses; equal streams choose equally.</param>
    RoomResponse Choose(CorruptionContext setting, RandomStream random);
}
