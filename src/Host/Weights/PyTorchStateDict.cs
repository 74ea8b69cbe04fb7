using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// PyTorch's <c>.pt</c> format (torch.save since 1.6: a zip with a pickle and one file a storage; before that pickles and storages one
/// behind the other), read without running any of its code. The file holds a state dict, or a checkpoint with one
/// (<see cref="CheckpointDictionary"/>). Whatever it claims, reading it takes no more than a few times its own length of memory.
/// </summary>
public static class PyTorchStateDict
{
    // Weights that two layers share, one of them transposed, are copied once more.
    private const int CopiesOfViews = 2;

    /// <param name="key">Under which a checkpoint has the state dict; null to find it.</param>
    /// <exception cref="UserErrorException">The file is missing, malformed, or asks for more than tensors.</exception>
    public static StoredWeights Read(string path, string? key = null) => Parse(WeightsFile.ReadBytes(path), path, key);

    /// <summary>Whether the content starts like this format.</summary>
    internal static bool Recognises(ReadOnlySpan<byte> content) => content.StartsWith("PK"u8) || LegacyFile.Recognises(content);

    internal static StoredWeights Parse(byte[] content, string path, string? key = null)
    {
        try
        {
            using IPickledFile file = LegacyFile.Recognises(content) ? new LegacyFile(content) : TorchArchive.Open(content);
            CheckpointDictionary found = CheckpointDictionary.Find(file.ReadObject(), key);
            return new StoredWeights(Tensors(file, found.Tensors, content.Length), found.Key, found.OtherKeys);
        }
        catch (PickleException e)
        {
            throw new UserErrorException($"{path} cannot be read as PyTorch weights: {e.Message}.", inner: e);
        }
        catch (Exception e)
            when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new UserErrorException(
                $"{path} cannot be read as PyTorch weights: its zip archive is damaged ({e.Message.TrimEnd('.')}). Copy or "
                    + $"download it again.",
                inner: e
            );
        }
    }

    private static Dictionary<string, StoredTensor> Tensors(
        IPickledFile file,
        IEnumerable<(string Name, PickleTensor Tensor)> entries,
        long length
    )
    {
        var storages = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        long copied = 0;
        foreach ((string name, PickleTensor tensor) in entries)
        {
            PickleStorage storage = tensor.Storage;
            if (!storages.TryGetValue(storage.Key, out ReadOnlyMemory<byte> bytes))
                storages[storage.Key] = bytes = file.ReadStorage(storage.Key, name);
            if (StoredTensor.ByteCount(storage.Type, [storage.Whole]) > bytes.Length)
                throw new PickleException(
                    $"the storage of '{GuestText.Name(name)}' is cut off: {bytes.Length} bytes for {storage.Whole} numbers of "
                        + $"{storage.Type}"
                );
            if (!tensor.IsContiguous)
                copied += StoredTensor.ByteCount(storage.Type, tensor.Shape)!.Value;
            if (copied > CopiesOfViews * length)
                throw new PickleException("its views of shared storages take many times the file's size. Save contiguous copies");
            tensors[name] = Take(tensor, bytes);
        }

        return tensors;
    }

    private static StoredTensor Take(PickleTensor tensor, ReadOnlyMemory<byte> storage)
    {
        int size = StoredTensor.ItemSize(tensor.Storage.Type)!.Value;
        int length = checked((int)StoredTensor.ByteCount(tensor.Storage.Type, tensor.Shape)!.Value);
        ReadOnlyMemory<byte> values =
            length == 0 || tensor.IsContiguous
                ? storage.Slice(checked((int)(tensor.Offset * size)), length)
                : StridedCopy.Gather(tensor, size, storage.Span, length);
        return new StoredTensor(tensor.Storage.Type, tensor.Shape, values);
    }
}
