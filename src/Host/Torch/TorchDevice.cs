using static TorchSharp.torch;

namespace MerBench.Host.Torch;

/// <summary>Where tensors live and how many threads work on them.</summary>
/// <param name="Device">The device as torch takes it.</param>
/// <param name="Threads">Threads of torch's CPU operators.</param>
public sealed record TorchDevice(Device Device, int Threads)
{
    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Type => Device.type.ToString().ToLowerInvariant();

    /// <summary><c>cpu</c>, or <c>cuda:0</c> with the number of the GPU.</summary>
    public string Name => Type == "cpu" ? Type : $"{Type}:{Math.Max(Device.index, 0)}";
}
