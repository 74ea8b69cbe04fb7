using System.Numerics;

namespace MerBench.Host.Weights;

/// <summary>The stack and the memo of a pickle's machine; what is put on them is paid for.</summary>
internal sealed class PickleStack(PickleAllowance allowance)
{
    private static readonly object StackMark = new();

    private readonly List<object?> _values = [];
    private readonly List<object?> _memo = [];

    /// <summary>Whether what comes next begins the whole object. Before 1.6 the class of a pickled module stands in a tuple with its
    /// source.</summary>
    public bool IsAtRoot => _values.Count == 0 || (_values.Count == 2 && _values[0] == StackMark && _values[1] is "module");

    public void PushMark() => Push(StackMark);

    /// <summary>Keeps the topmost value behind all that were kept.</summary>
    public void Remember() => Remember(_memo.Count);

    public void Remember(long index)
    {
        allowance.Spend(PickleAllowance.Value);
        if (index < _memo.Count)
            _memo[(int)index] = Peek();
        else if (index == _memo.Count)
            _memo.Add(Peek());
        else
            throw PickleBytes.Malformed("its memo leaves entries out, as Python's never does");
    }

    public object? Recall(long index) =>
        index < _memo.Count ? _memo[(int)index] : throw PickleBytes.Malformed($"its memo has no entry {index}");

    public void Push(object? value)
    {
        allowance.Spend(
            value switch
            {
                string text => PickleAllowance.Value + (2L * text.Length),
                BigInteger number => PickleAllowance.Value + number.GetByteCount(),
                object?[] tuple => PickleAllowance.Value + (8L * tuple.Length),
                List<object?> list => PickleAllowance.Container + (8L * list.Count),
                Dictionary<object, object?> or PickleStorage => PickleAllowance.Container,
                PickleTensor tensor => PickleAllowance.Container + (16L * tensor.Shape.Length),
                _ => PickleAllowance.Value,
            }
        );
        _values.Add(value);
    }

    public object? Peek() =>
        _values.Count > 0 && _values[^1] != StackMark ? _values[^1] : throw PickleBytes.Malformed("its stack runs empty");

    public object? Pop()
    {
        object? value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    public object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    public object?[] PopToMark()
    {
        int mark = _values.LastIndexOf(StackMark);
        if (mark < 0)
            throw PickleBytes.Malformed("a mark is missing");
        object?[] items = [.. _values.Skip(mark + 1)];
        _values.RemoveRange(mark, _values.Count - mark);
        return items;
    }
}
