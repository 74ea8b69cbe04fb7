using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>The few functions that a pickled state dict calls, each replaced by one that only notes its arguments.</summary>
internal static class AllowedCalls
{
    private static readonly PickleGlobal OrderedDict = new("collections", "OrderedDict");
    private static readonly PickleGlobal DefaultDict = new("collections", "defaultdict");
    private static readonly PickleGlobal RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickleGlobal RebuildParameter = new("torch._utils", "_rebuild_parameter");

    private static readonly Dictionary<string, ScalarType> Storages = new(StringComparer.Ordinal)
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["DoubleStorage"] = ScalarType.Float64,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    // Of a checkpoint's other entries: what stands for them is never read.
    private static readonly HashSet<string> Data = new(StringComparer.Ordinal)
    {
        "torch.Size",
        "torch.device",
        "_codecs.encode",
        "collections.defaultdict",
        "__builtin__.set",
        "__builtin__.dict",
        "__builtin__.list",
        "__builtin__.int",
        "__builtin__.float",
        "builtins.set",
        "builtins.dict",
        "builtins.list",
        "builtins.int",
        "builtins.float",
        "numpy.dtype",
        "numpy.ndarray",
        "numpy.core.multiarray.scalar",
        "numpy.core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct",
    };

    private static readonly HashSet<string> Formats = new(StringComparer.Ordinal)
    {
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "bool",
    };

    // What torch allows a tensor.
    private const int MostDimensions = 64;

    /// <summary>Lets allowed names pass; a name alone does nothing, but refusing early names the culprit.</summary>
    /// <param name="isRoot">Whether nothing stands before it: the file then holds an object of that class.</param>
    public static PickleGlobal RequireKnown(PickleGlobal global, bool isRoot)
    {
        if (global == OrderedDict || global == RebuildTensor || global == RebuildParameter || StorageType(global) is not null)
            return global;
        if (IsData(global))
            return global;
        bool isObject = isRoot && global.Name.Length > 0 && char.IsUpper(global.Name[0]);
        string what = isObject
            ? $"it is a whole pickled object of the class '{global}', as torch.save(model) writes it, and opening it would run code from "
                + $"the file"
            : $"it asks for '{global}', and running code from a weights file is not allowed";
        throw new PickleException($"{what}. Save the state dict alone: torch.save(model.state_dict(), 'weights.pt')");
    }

    public static object Call(PickleGlobal function, object?[] arguments)
    {
        if ((function == OrderedDict && arguments.Length == 0) || function == DefaultDict)
            return new Dictionary<object, object?>(PickleKeys.Comparer);
        // As Python 2 writes it.
        if (function == OrderedDict && arguments is [List<object?> pairs])
            return FromPairs(pairs);
        // (storage, offset, shape, strides, requires_grad, backward_hooks[, metadata])
        if (function == RebuildTensor && arguments is [PickleStorage storage, long offset, object?[] shape, object?[] strides, ..])
            return Tensor(storage, offset, Longs(shape), Longs(strides));
        // (data, requires_grad, backward_hooks)
        if (function == RebuildParameter && arguments is [PickleTensor tensor, ..])
            return tensor;
        if (IsData(function))
            return new PickleData(function);
        throw new PickleException(
            $"it calls '{function}' with unusual arguments ({ShortList.Write([.. arguments.Select(RestrictedUnpickler.Describe)])})"
        );
    }

    private static Dictionary<object, object?> FromPairs(List<object?> pairs)
    {
        var dictionary = new Dictionary<object, object?>(PickleKeys.Comparer);
        foreach (object? pair in pairs)
        {
            if (pair is not IReadOnlyList<object?> { Count: 2 } entry || entry[0] is not (string or long))
                throw new PickleException("an OrderedDict is made of something that is no pair of a name and a value");
            dictionary[entry[0]!] = entry[1];
        }

        return dictionary;
    }

    /// <summary>Persistent ids stand for storages: ('storage', class, key, location, count), and before 1.6 also None or (key, offset,
    /// count) of the part that is meant.</summary>
    public static PickleStorage PersistentStorage(object? id)
    {
        if (
            id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal global, string key, string, long count, ..]
            || StorageType(global) is not { } type
        )
            throw new PickleException("it refers to something outside itself that is not a storage of numbers");
        (long start, long part) = parts is [.., object?[] and [string, long offset, long length]] ? (offset, length) : (0, count);
        if (StoredTensor.ByteCount(type, [count]) is null || start < 0 || part < 0 || (Int128)start + part > count)
            throw new PickleException($"storage '{GuestText.Name(key)}' has the impossible size {count}");
        return new PickleStorage(type, key, part, start, count);
    }

    private static PickleTensor Tensor(PickleStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || strides.Any(s => s < 0) || StoredTensor.ByteCount(storage.Type, shape) is null)
            throw Impossible();
        Int128 last = offset,
            count = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            last += (Int128)(shape[i] - 1) * strides[i];
            count *= shape[i];
        }

        // Views that repeat values (torch.expand) could be small in the file and huge in memory.
        if (shape.Contains(0) ? offset > storage.Count : last >= storage.Count || count > storage.Count)
            throw Impossible();
        return new PickleTensor(storage, storage.Start + offset, shape, strides);

        PickleException Impossible() =>
            new(
                $"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} does not "
                    + $"fit its storage of {storage.Count} numbers"
            );
    }

    private static ScalarType? StorageType(PickleGlobal global) =>
        global.Module == "torch" && Storages.TryGetValue(global.Name, out ScalarType type) ? type : null;

    private static bool IsData(PickleGlobal global) =>
        Data.Contains($"{global.Module}.{global.Name}") || (global.Module == "torch" && Formats.Contains(global.Name));

    private static long[] Longs(object?[] values) =>
        values.Length > MostDimensions
            ? throw new PickleException(
                $"a tensor has {ShortList.Count(values.Length)} dimensions, and at most {MostDimensions} are possible"
            )
            :
            [
                .. values.Select(v =>
                    v is long number ? number : throw new PickleException($"a shape holds {RestrictedUnpickler.Describe(v)}")
                ),
            ];
}
