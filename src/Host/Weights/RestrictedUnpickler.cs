using System.Buffers.Binary;
using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// Python's pickle machine (protocols 2 to 5; Lib/pickle.py), cut down to what a checkpoint needs: tensors, dicts, lists, tuples,
/// strings, numbers, bools and None, and what NumPy makes of numbers, which is noted and never read. Everything else is refused by name,
/// so that a hostile file can do nothing but be refused.
/// </summary>
internal sealed class RestrictedUnpickler
{
    private readonly PickleAllowance _allowance;
    private readonly PickleStack _stack;
    private readonly PickleBytes _bytes;
    private readonly Dictionary<string, PickleStorage> _storages = new(StringComparer.Ordinal);

    /// <param name="pickle">One pickle, behind which other bytes may stand.</param>
    public RestrictedUnpickler(ReadOnlyMemory<byte> pickle)
    {
        _bytes = new PickleBytes(pickle);
        _allowance = new PickleAllowance(pickle.Length);
        _stack = new PickleStack(_allowance);
    }

    /// <summary>Where the pickle ends, once it has run.</summary>
    public int End => _bytes.Position;

    /// <summary>The storages that it names, each once.</summary>
    public IReadOnlyDictionary<string, PickleStorage> Storages => _storages;

    /// <exception cref="PickleException">The pickle is malformed or asks for something that is not allowed.</exception>
    public object? Run()
    {
        while (true)
        {
            int at = _bytes.Position;
            byte opcode = _bytes.Take(1)[0];
            if (opcode == (byte)'.')
                return _stack.Pop();
            Step(opcode, at);
        }
    }

    private void Step(byte opcode, int at)
    {
        switch (opcode)
        {
            case 0x80:
                RequireProtocol(_bytes.Take(1)[0]);
                break;
            case 0x95:
                _bytes.Take(8);
                break; // FRAME
            case (byte)'(':
                _stack.PushMark();
                break;
            case (byte)'0':
                _stack.Pop();
                break;
            case (byte)'1':
                _stack.PopToMark();
                break;
            case (byte)'2':
                _stack.Push(_stack.Peek());
                break;

            case (byte)'N':
                _stack.Push(null);
                break;
            case 0x88:
                _stack.Push(true);
                break;
            case 0x89:
                _stack.Push(false);
                break;
            case (byte)'K':
                _stack.Push((long)_bytes.Take(1)[0]);
                break;
            case (byte)'M':
                _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Take(2)));
                break;
            case (byte)'J':
                _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(_bytes.Take(4)));
                break;
            case 0x8a:
                _stack.Push(_bytes.TakeLong(_bytes.Take(1)[0]));
                break;
            case 0x8b:
                _stack.Push(_bytes.TakeLong(BinaryPrimitives.ReadInt32LittleEndian(_bytes.Take(4))));
                break;
            case (byte)'U':
                _stack.Push(_bytes.TakeText(_bytes.Take(1)[0]));
                break;
            case (byte)'T':
                _stack.Push(_bytes.TakeText(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Take(4))));
                break;
            case (byte)'C':
                _stack.Push(_bytes.TakeText(_bytes.Take(1)[0]));
                break;
            case (byte)'B':
                _stack.Push(_bytes.TakeText(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Take(4))));
                break;
            case (byte)'G':
                _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(_bytes.Take(8)));
                break;
            case 0x8c:
                _stack.Push(_bytes.TakeText(_bytes.Take(1)[0]));
                break;
            case (byte)'X':
                _stack.Push(_bytes.TakeText(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Take(4))));
                break;
            case 0x8d:
                _stack.Push(_bytes.TakeText(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.Take(8))));
                break;

            case (byte)')':
                _stack.Push(Array.Empty<object?>());
                break;
            case 0x85:
                _stack.Push(_stack.PopMany(1));
                break;
            case 0x86:
                _stack.Push(_stack.PopMany(2));
                break;
            case 0x87:
                _stack.Push(_stack.PopMany(3));
                break;
            case (byte)'t':
                _stack.Push(_stack.PopToMark());
                break;
            case (byte)']':
                _stack.Push(new List<object?>());
                break;
            case (byte)'l':
                _stack.Push(new List<object?>(_stack.PopToMark()));
                break;
            case (byte)'a':
                Append([_stack.Pop()]);
                break;
            case (byte)'e':
                Append(_stack.PopToMark());
                break;
            case (byte)'}':
                _stack.Push(NewDictionary());
                break;
            case (byte)'d':
                _stack.Push(Fill(NewDictionary(), _stack.PopToMark()));
                break;
            case (byte)'s':
                SetItems(_stack.PopMany(2));
                break;
            case (byte)'u':
                SetItems(_stack.PopToMark());
                break;

            case (byte)'q':
                _stack.Remember(_bytes.Take(1)[0]);
                break;
            case (byte)'r':
                _stack.Remember(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Take(4)));
                break;
            case 0x94:
                _stack.Remember();
                break;
            case (byte)'h':
                _stack.Push(_stack.Recall(_bytes.Take(1)[0]));
                break;
            case (byte)'j':
                _stack.Push(_stack.Recall(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Take(4))));
                break;

            case (byte)'c':
                _stack.Push(AllowedCalls.RequireKnown(new PickleGlobal(_bytes.TakeLine(), _bytes.TakeLine()), _stack.IsAtRoot));
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
                _stack.Push(Known(AllowedCalls.PersistentStorage(_stack.Pop())));
                break;
            case 0x81 or 0x92:
                _stack.PopMany(opcode == 0x81 ? 1 : 2);
                throw Refuse($"it creates an object of {Describe(_stack.Pop())}");
            default:
                throw Refuse($"it uses the pickle instruction 0x{opcode:x2} at byte {at}, which no state dict needs");
        }
    }

    private PickleStorage Known(PickleStorage storage)
    {
        _allowance.Spend(PickleAllowance.Entry);
        if (_storages.TryAdd(storage.Key, storage) || _storages[storage.Key] is var known && known.Agrees(storage))
            return storage;
        throw Malformed($"its storage '{GuestText.Name(storage.Key)}' has two types or sizes");
    }

    private static Dictionary<object, object?> NewDictionary() => new(PickleKeys.Comparer);

    private void RequireProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5)
            throw new PickleException($"its pickle protocol {protocol} is not supported (2 to 5 are)");
    }

    private void PushStackGlobal()
    {
        object?[] parts = _stack.PopMany(2);
        if (parts is not [string module, string name])
            throw Malformed("a global is not named by strings");
        _stack.Push(AllowedCalls.RequireKnown(new PickleGlobal(module, name), _stack.IsAtRoot));
    }

    private void Reduce()
    {
        object? arguments = _stack.Pop(),
            function = _stack.Pop();
        if (function is not PickleGlobal global)
            throw Malformed("something that is no function is called");
        if (arguments is not object?[] tuple)
            throw Malformed("a function is called without a tuple of arguments");
        _stack.Push(AllowedCalls.Call(global, tuple));
    }

    // A state dict is an OrderedDict with an attribute _metadata (module versions), which loading does not need.
    private void Build()
    {
        object? state = _stack.Pop();
        if (
            _stack.Peek() is Dictionary<object, object?>
            && state is Dictionary<object, object?> attributes
            && attributes.Keys.All(k => k is "_metadata")
        )
            return;
        if (_stack.Peek() is PickleData)
            return;
        throw Refuse($"it sets the state of {Describe(_stack.Peek())}");
    }

    private void Append(object?[] items)
    {
        if (_stack.Peek() is not List<object?> list)
            throw Malformed("items are appended to something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (_stack.Peek() is not Dictionary<object, object?> dictionary)
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

    internal static string Describe(object? value) =>
        value switch
        {
            null => "None",
            PickleGlobal global => $"'{global}'",
            PickleTensor or PickleStorage => "a tensor",
            Dictionary<object, object?> => "a dict",
            List<object?> => "a list",
            object?[] => "a tuple",
            PickleData data => $"a '{data.Of}'",
            string => "a string",
            bool => "a bool",
            _ => "a number",
        };

    private static PickleException Malformed(string why) => PickleBytes.Malformed(why);

    private static PickleException Refuse(string what) =>
        new($"{what}. Only tensors, dicts, lists, tuples, strings, numbers, bools and None are read");
}
