namespace MerBench.Host.Weights;

/// <summary>A file of torch.save: a pickled object, and the storages that it refers to.</summary>
internal interface IPickledFile : IDisposable
{
    /// <exception cref="PickleException">It is malformed, or asks for more than data.</exception>
    object? ReadObject();

    /// <param name="name">Of the tensor that needs the storage, for messages.</param>
    /// <exception cref="PickleException">It is missing.</exception>
    ReadOnlyMemory<byte> ReadStorage(string key, string name);
}
