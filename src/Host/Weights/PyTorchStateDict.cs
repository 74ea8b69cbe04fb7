using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// PyTorch's <c>.pt</c> format (torch.save since 1.6: a zip with a pickle and one file a storage), read without running any of its code.
/// The file holds a state dict, or a checkpoint dict with one under <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>. Whatever
/// it claims, reading it takes no more than a few times its own length of memory.
/// </summary>
public static class PyTorchStateDict
{
    private static readonly string[] CheckpointKeys = ["state_dict", "model_state_dict", "model"];

    // Weights that two layers share, one of them transposed, are copied once more.
    private const int CopiesOfViews = 2;

    // The pickled magic number that opens files of torch.save before 1.6.
    private static ReadOnlySpan<byte> LegacyMagic => [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <exception cref="UserErrorException">The file is missing, malformed, or asks for more than tensors.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path) => Parse(WeightsFile.ReadBytes(path), path);

    /// <summary>Whether the content starts like this format.</summary>
    internal static bool Recognises(ReadOnlySpan<byte> content) => content.StartsWith("PK"u8) || IsLegacy(content);

    private static bool IsLegacy(ReadOnlySpan<byte> content) =>
        content.Length > 2 && content[0] == 0x80 && content[2..].StartsWith(LegacyMagic);

    internal static IReadOnlyDictionary<string, StoredTensor> Parse(byte[] content, string path)
    {
        try
        {
            if (IsLegacy(content))
                throw new PickleException("it was written by PyTorch before 1.6. Load and save it again with a newer PyTorch");
            return Parse(content);
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

    private static Dictionary<string, StoredTensor> Parse(byte[] content)
    {
        using var archive = TorchArchive.Open(content);
        object? root = new RestrictedUnpickler(archive.ReadPickle()).Run();
        var storages = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        long copied = 0;
        foreach ((string name, PickleTensor tensor) in StateDict(root))
        {
            PickleStorage storage = tensor.Storage;
            if (!storages.TryGetValue(storage.Key, out byte[]? bytes))
                storages[storage.Key] = bytes = archive.ReadStorage(storage.Key, name);
            if (StoredTensor.ByteCount(storage.Type, [storage.Count]) > bytes.Length)
                throw new PickleException(
                    $"the storage of '{GuestText.Name(name)}' is cut off: {bytes.Length} bytes for {storage.Count} numbers of "
                        + $"{storage.Type}"
                );
            if (!tensor.IsContiguous)
                copied += StoredTensor.ByteCount(storage.Type, tensor.Shape)!.Value;
            if (copied > CopiesOfViews * (long)content.Length)
                throw new PickleException("its views of shared storages take many times the file's size. Save contiguous copies");
            tensors[name] = Take(tensor, bytes);
        }

        return tensors;
    }

    private static IEnumerable<(string Name, PickleTensor Tensor)> StateDict(object? root)
    {
        if (root is not Dictionary<object, object?> dictionary)
            throw new PickleException(
                $"it holds {RestrictedUnpickler.Describe(root)}, not a state dict. Save torch.save(model.state_dict(), 'weights.pt')"
            );
        if (!dictionary.Values.Any(v => v is PickleTensor))
            dictionary =
                CheckpointKeys.Select(k => dictionary.GetValueOrDefault(k)).OfType<Dictionary<object, object?>>().FirstOrDefault()
                ?? dictionary;
        foreach ((object key, object? value) in dictionary)
        {
            if (key is not string name || value is not PickleTensor tensor)
                throw new PickleException(
                    $"its entry '{GuestText.Name($"{key}")}' is {RestrictedUnpickler.Describe(value)}, not a tensor. A state dict, or a "
                        + $"dict with one under {string.Join(", ", CheckpointKeys.Select(k => $"'{k}'"))}, is expected"
                );
            yield return (name, tensor);
        }
    }

    private static StoredTensor Take(PickleTensor tensor, byte[] storage)
    {
        int size = StoredTensor.ItemSize(tensor.Storage.Type)!.Value;
        int length = checked((int)StoredTensor.ByteCount(tensor.Storage.Type, tensor.Shape)!.Value);
        ReadOnlyMemory<byte> values =
            length == 0 || tensor.IsContiguous
                ? storage.AsMemory(checked((int)(tensor.Offset * size)), length)
                : StridedCopy.Gather(tensor, size, storage, length);
        return new StoredTensor(tensor.Storage.Type, tensor.Shape, values);
    }
}
