using System.Buffers.Binary;
using System.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// Python's pickle machine (protocols 2 to 5; Lib/pickle.py), cut down to what a state dict needs: tensors, dicts, lists, tuples, strings,
/// numbers,
/// bools and None. Everything else is refused by name, so that a hostile file can do nothing but be refused.
/// </summary>
internal sealed class RestrictedUnpickler(ReadOnlyMemory<byte> pickle)
{
    private static readonly object StackMark = new();

    private readonly List<object?> _stack = [];
    private readonly List<object?> _memo = [];
    private readonly PickleAllowance _allowance = new(pickle.Length);
    private int _position;

    /// <exception cref="PickleException">The pickle is malformed or asks for something that is not allowed.</exception>
    public object? Run()
    {
        while (true)
        {
            int at = _position;
            byte opcode = Take(1)[0];
            if (opcode == (byte)'.')
                return Pop();
            Step(opcode, at);
        }
    }

    private void Step(byte opcode, int at)
    {
        switch (opcode)
        {
            case 0x80:
                RequireProtocol(Take(1)[0]);
                break;
            case 0x95:
                Take(8);
                break; // FRAME
            case (byte)'(':
                Push(StackMark);
                break;
            case (byte)'0':
                Pop();
                break;
            case (byte)'1':
                PopToMark();
                break;
            case (byte)'2':
                Push(Peek());
                break;

            case (byte)'N':
                Push(null);
                break;
            case 0x88:
                Push(true);
                break;
            case 0x89:
                Push(false);
                break;
            case (byte)'K':
                Push((long)Take(1)[0]);
                break;
            case (byte)'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case (byte)'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case 0x8a:
                Push(TakeLong(Take(1)[0]));
                break;
            case 0x8b:
                Push(TakeLong(BinaryPrimitives.ReadInt32LittleEndian(Take(4))));
                break;
            case (byte)'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case 0x8c:
                Push(TakeText(Take(1)[0]));
                break;
            case (byte)'X':
                Push(TakeText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case 0x8d:
                Push(TakeText(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))));
                break;

            case (byte)')':
                Push(Array.Empty<object?>());
                break;
            case 0x85:
                Push(PopMany(1));
                break;
            case 0x86:
                Push(PopMany(2));
                break;
            case 0x87:
                Push(PopMany(3));
                break;
            case (byte)'t':
                Push(PopToMark());
                break;
            case (byte)']':
                Push(new List<object?>());
                break;
            case (byte)'l':
                Push(new List<object?>(PopToMark()));
                break;
            case (byte)'a':
                Append([Pop()]);
                break;
            case (byte)'e':
                Append(PopToMark());
                break;
            case (byte)'}':
                Push(NewDictionary());
                break;
            case (byte)'d':
                Push(Fill(NewDictionary(), PopToMark()));
                break;
            case (byte)'s':
                SetItems(PopMany(2));
                break;
            case (byte)'u':
                SetItems(PopToMark());
                break;

            case (byte)'q':
                Remember(Take(1)[0]);
                break;
            case (byte)'r':
                Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case 0x94:
                Remember(_memo.Count);
                break;
            case (byte)'h':
                Push(Recall(Take(1)[0]));
                break;
            case (byte)'j':
                Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;

            case (byte)'c':
                Push(AllowedCalls.RequireKnown(new PickleGlobal(TakeLine(), TakeLine()), isRoot: _stack.Count == 0));
                break;
            case 0x93:
                PushStackGlobal();
                break;
            case (byte)'R':
                Reduce();
                break;
            case (byte)'b':
                Build();
                break;
            case (byte)'Q':
                Push(AllowedCalls.PersistentStorage(Pop()));
                break;
            case 0x81 or 0x92:
                PopMany(opcode == 0x81 ? 1 : 2);
                throw Refuse($"it creates an object of {Describe(Pop())}");
            default:
                throw Refuse($"it uses the pickle instruction 0x{opcode:x2} at byte {at}, which no state dict needs");
        }
    }

    private static Dictionary<object, object?> NewDictionary() => new(PickleKeys.Comparer);

    private void RequireProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5)
            throw new PickleException($"its pickle protocol {protocol} is not supported (2 to 5 are)");
    }

    private void PushStackGlobal()
    {
        object?[] parts = PopMany(2);
        if (parts is not [string module, string name])
            throw Malformed("a global is not named by strings");
        Push(AllowedCalls.RequireKnown(new PickleGlobal(module, name), isRoot: _stack.Count == 0));
    }

    private void Reduce()
    {
        object? arguments = Pop(),
            function = Pop();
        if (function is not PickleGlobal global)
            throw Malformed("something that is no function is called");
        if (arguments is not object?[] tuple)
            throw Malformed("a function is called without a tuple of arguments");
        Push(AllowedCalls.Call(global, tuple));
    }

    // A state dict is an OrderedDict with an attribute _metadata (module versions), which loading does not need.
    private void Build()
    {
        object? state = Pop();
        if (
            Peek() is Dictionary<object, object?>
            && state is Dictionary<object, object?> attributes
            && attributes.Keys.All(k => k is "_metadata")
        )
            return;
        throw Refuse($"it sets the state of {Describe(Peek())}");
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
            throw Malformed("items are appended to something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not Dictionary<object, object?> dictionary)
            throw Malformed("items are set in something that is no dict");
        Fill(dictionary, items);
    }

    private Dictionary<object, object?> Fill(Dictionary<object, object?> dictionary, object?[] items)
    {
        if (items.Length % 2 != 0)
            throw Malformed("a dict has a key without a value");
        _allowance.Spend((long)items.Length * PickleAllowance.Entry);
        for (int i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long or double or bool))
                throw new PickleException($"a dict has {Describe(items[i])} as a key, which is not supported");
            dictionary[items[i]!] = items[i + 1];
        }

        return dictionary;
    }

    private void Remember(long index)
    {
        _allowance.Spend(PickleAllowance.Value);
        if (index < _memo.Count)
            _memo[(int)index] = Peek();
        else if (index == _memo.Count)
            _memo.Add(Peek());
        else
            throw Malformed("its memo leaves entries out, as Python's never does");
    }

    private object? Recall(long index) => index < _memo.Count ? _memo[(int)index] : throw Malformed($"its memo has no entry {index}");

    private void Push(object? value)
    {
        _allowance.Spend(
            value switch
            {
                string text => PickleAllowance.Value + (2L * text.Length),
                object?[] tuple => PickleAllowance.Value + (8L * tuple.Length),
                List<object?> list => PickleAllowance.Container + (8L * list.Count),
                Dictionary<object, object?> or PickleStorage => PickleAllowance.Container,
                PickleTensor tensor => PickleAllowance.Container + (16L * tensor.Shape.Length),
                _ => PickleAllowance.Value,
            }
        );
        _stack.Add(value);
    }

    private object? Peek() => _stack.Count > 0 && _stack[^1] != StackMark ? _stack[^1] : throw Malformed("its stack runs empty");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(StackMark);
        if (mark < 0)
            throw Malformed("a mark is missing");
        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > pickle.Length - _position)
            throw Malformed("it ends too early");
        ReadOnlySpan<byte> taken = pickle.Span.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private long TakeLong(long count)
    {
        if (count is < 0 or > 8)
            throw new PickleException($"it holds a whole number of {count} bytes, more than 64 bits");
        ReadOnlySpan<byte> bytes = Take(count);
        if (bytes.Length == 0)
            return 0;
        long value = (sbyte)bytes[^1] < 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    private string TakeText(ulong count)
    {
        if (count > int.MaxValue)
            throw Malformed("a string is too long");
        return Text(Take((long)count));
    }

    private string TakeLine()
    {
        int length = pickle.Span[_position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Malformed("it ends too early");
        string line = Text(Take(length));
        Take(1);
        return line;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    internal static string Describe(object? value) =>
        value switch
        {
            null => "None",
            PickleGlobal global => $"'{global}'",
            PickleTensor or PickleStorage => "a tensor",
            Dictionary<object, object?> => "a dict",
            List<object?> => "a list",
            object?[] => "a tuple",
            string => "a string",
            bool => "a bool",
            _ => "a number",
        };

    private static PickleException Malformed(string why) => new($"its pickle is malformed or cut off ({why})");

    private static PickleException Refuse(string what) =>
        new($"{what}. Only tensors, dicts, lists, tuples, strings, numbers, bools and None are read");
}
