namespace MerBench.Host.Plugins.Guests;

/// <summary>What becomes of numbers that a plugin draws from torch's generator.</summary>
internal enum Drawing
{
    /// <summary>It must not draw; the generator is put back.</summary>
    Forbidden,

    /// <summary>It may, as who makes a network does; the generator is put back.</summary>
    PutBack,

    /// <summary>It may, and is judged by what it answers; the generator stays where it is.</summary>
    Left,
}
