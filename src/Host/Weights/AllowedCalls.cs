using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>The few functions that a pickled state dict calls, each replaced by one that only notes its arguments.</summary>
internal static class AllowedCalls
{
    private static readonly PickleGlobal OrderedDict = new("collections", "OrderedDict");
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

    // What torch allows a tensor.
    private const int MostDimensions = 64;

    /// <summary>Lets allowed names pass; a name alone does nothing, but refusing early names the culprit.</summary>
    /// <param name="isRoot">Whether nothing stands before it: the file then holds an object of that class.</param>
    public static PickleGlobal RequireKnown(PickleGlobal global, bool isRoot)
    {
        if (global == OrderedDict || global == RebuildTensor || global == RebuildParameter || StorageType(global) is not null)
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
        if (function == OrderedDict && arguments.Length == 0)
            return new Dictionary<object, object?>();
        // (storage, offset, shape, strides, requires_grad, backward_hooks[, metadata])
        if (function == RebuildTensor && arguments is [PickleStorage storage, long offset, object?[] shape, object?[] strides, ..])
            return Tensor(storage, offset, Longs(shape), Longs(strides));
        // (data, requires_grad, backward_hooks)
        if (function == RebuildParameter && arguments is [PickleTensor tensor, ..])
            return tensor;
        throw new PickleException(
            $"it calls '{function}' with unusual arguments ({ShortList.Write([.. arguments.Select(RestrictedUnpickler.Describe)])})"
        );
    }

    /// <summary>Persistent ids stand for storages: ('storage', class, key, location, count).</summary>
    public static PickleStorage PersistentStorage(object? id)
    {
        if (id is object?[] and ["storage", PickleGlobal global, string key, string, long count] && StorageType(global) is { } type)
        {
            if (StoredTensor.ByteCount(type, [count]) is null)
                throw new PickleException($"storage '{GuestText.Name(key)}' has the impossible size {count}");
            return new PickleStorage(type, key, count);
        }

        throw new PickleException("it refers to something outside itself that is not a storage of numbers");
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
        return new PickleTensor(storage, offset, shape, strides);

        PickleException Impossible() =>
            new(
                $"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} does not "
                    + $"fit its storage of {storage.Count} numbers"
            );
    }

    private static ScalarType? StorageType(PickleGlobal global) =>
        global.Module == "torch" && Storages.TryGetValue(global.Name, out ScalarType type) ? type : null;

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
