using System.Buffers.Binary;
using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// What torch.save wrote before PyTorch 1.6, and writes without its zip format: the pickles of a magic number, of a protocol and of facts
/// of the machine; the object; a list of storages; and of each storage the number of its values (int64) and these. All little-endian.
/// Source: torch/serialization.py, <c>_legacy_save</c>.
/// </summary>
internal sealed class LegacyFile(ReadOnlyMemory<byte> content) : IPickledFile
{
    private const long Protocol = 1001;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _storages = new(StringComparer.Ordinal);

    // A pickled long of ten bytes.
    private static ReadOnlySpan<byte> Magic => [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Whether the content starts like this format.</summary>
    public static bool Recognises(ReadOnlySpan<byte> content) => content.Length > 2 && content[0] == 0x80 && content[2..].StartsWith(Magic);

    public object? ReadObject()
    {
        ReadOnlyMemory<byte> left = content[(2 + Magic.Length)..];
        if (Run(ref left).Value is not Protocol)
            throw new PickleException($"its format is another than {Protocol}, the only one that PyTorch wrote before 1.6");
        if (Run(ref left).Value is Dictionary<object, object?> machine && machine.GetValueOrDefault("little_endian") is false)
            throw new PickleException("its numbers are not little-endian");
        (object? value, IReadOnlyDictionary<string, PickleStorage> storages) = Run(ref left);
        if (Run(ref left).Value is not List<object?> keys)
            throw new PickleException("its list of storages is missing");
        foreach (object? key in keys)
            Find(key, storages, ref left);
        return value;
    }

    public ReadOnlyMemory<byte> ReadStorage(string key, string name) =>
        _storages.TryGetValue(key, out ReadOnlyMemory<byte> storage)
            ? storage
            : throw new PickleException($"it lacks the storage '{GuestText.Name(key)}' of '{GuestText.Name(name)}'");

    public void Dispose() { }

    private static (object? Value, IReadOnlyDictionary<string, PickleStorage> Storages) Run(ref ReadOnlyMemory<byte> left)
    {
        var unpickler = new RestrictedUnpickler(left);
        object? value = unpickler.Run();
        left = left[unpickler.End..];
        return (value, unpickler.Storages);
    }

    private void Find(object? key, IReadOnlyDictionary<string, PickleStorage> storages, ref ReadOnlyMemory<byte> left)
    {
        if (key is not string name || !storages.TryGetValue(name, out PickleStorage? storage))
            throw new PickleException($"its list of storages names {RestrictedUnpickler.Describe(key)} that the object does not use");
        long count = left.Length < sizeof(long) ? -1 : BinaryPrimitives.ReadInt64LittleEndian(left.Span);
        if (StoredTensor.ByteCount(storage.Type, [count]) is not { } bytes || bytes > left.Length - sizeof(long))
            throw new PickleException($"it is cut off or damaged at its storage '{GuestText.Name(name)}'. Copy or download it again");
        _storages[name] = left.Slice(sizeof(long), (int)bytes);
        left = left[(sizeof(long) + (int)bytes)..];
    }
}
