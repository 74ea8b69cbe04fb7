namespace MerBench.Models.Vgg;

/// <summary>Shape of a map, channels last.</summary>
internal readonly record struct MapShape(int Clips, int Height, int Width, int Channels);
