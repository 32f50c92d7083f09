using System.Numerics;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Reads the part of the pickle format that state dictionaries need, of protocols 2 to 5. It makes values and executes nothing: a name
/// is compared with the few that an <see cref="IPickleWorld"/> knows, and a call of one of those makes a value of this program's.</summary>
/// <remarks>The format: CPython's Lib/pickletools.py. Work is bounded by the length of the input.</remarks>
internal sealed class PickleMachine
{
    private const int HighestProtocol = 5;

    private readonly PickleInput _input;
    private readonly IPickleWorld _world;
    private readonly PickleStack _stack;

    private PickleMachine(PickleInput input, IPickleWorld world) => (_input, _world, _stack) = (input, world, new PickleStack(input));

    /// <summary>Reads one pickle to its end.</summary>
    /// <exception cref="CheckpointException">The pickle is damaged, or names something that is refused.</exception>
    public static object? Read(PickleInput input, IPickleWorld world)
    {
        var machine = new PickleMachine(input, world);
        while (machine.Step((char)input.Byte())) { }
        return machine._stack.Pop();
    }

    /// <summary>Does one instruction; false after the last.</summary>
    private bool Step(char code)
    {
        switch (code)
        {
            case '.': return false;
            case '\x80': CheckProtocol(_input.Byte()); return true;
            case '\x95': _input.Unsigned(8); return true;
            case '(': _stack.Mark(); return true;
            case '0': _stack.Drop(); return true;
            case '1': _stack.PopToMark(); return true;
            case '2': _stack.Push(_stack.Top); return true;
            case 'q': _stack.Memorize(_input.Byte()); return true;
            case 'r': _stack.Memorize(_input.Unsigned(4)); return true;
            case '\x94': _stack.Memorize(); return true;
            case 'h': _stack.Recall(_input.Byte()); return true;
            case 'j': _stack.Recall(_input.Unsigned(4)); return true;
            default:
                if (!Constant(code) && !Container(code) && !Name(code)) throw Refused(code);
                return true;
        }
    }

    private bool Constant(char code)
    {
        switch (code)
        {
            case 'N': _stack.Push(null); return true;
            case '\x88': _stack.Push(true); return true;
            case '\x89': _stack.Push(false); return true;
            case 'K': _stack.Push((long)_input.Byte()); return true;
            case 'M': _stack.Push((long)_input.Unsigned(2)); return true;
            case 'J': _stack.Push((long)(int)_input.Unsigned(4)); return true;
            case '\x8a': PushLong(_input.Byte()); return true;
            case 'G': _stack.Push(_input.Float64()); return true;
            case 'X': _stack.Push(_input.Text(_input.Unsigned(4))); return true;
            case '\x8c': _stack.Push(_input.Text(_input.Byte())); return true;
            case '\x8d': _stack.Push(_input.Text(_input.Unsigned(8))); return true;
            // Texts of Python 2, or bytes: only their names can matter, and those are ASCII.
            case 'U': _stack.Push(_input.Text(_input.Byte())); return true;
            case 'T': _stack.Push(_input.Text(_input.Unsigned(4))); return true;
            case 'C': return Skip(_input.Byte());
            case 'B': return Skip(_input.Unsigned(4));
            case '\x8e' or '\x96': return Skip(_input.Unsigned(8));
            default: return false;
        }
    }

    private bool Container(char code)
    {
        switch (code)
        {
            case ')': _stack.Push(new PickleTuple([])); return true;
            case '\x85': _stack.Push(Tuple(1)); return true;
            case '\x86': _stack.Push(Tuple(2)); return true;
            case '\x87': _stack.Push(Tuple(3)); return true;
            case 't': _stack.Push(new PickleTuple(_stack.PopToMark())); return true;
            case ']' or '\x8f': _stack.Push(new PickleList([])); return true;
            case 'l' or '\x91': _stack.Push(new PickleList([.. _stack.PopToMark()])); return true;
            case 'a': Append([_stack.Pop()]); return true;
            case 'e' or '\x90': Append(_stack.PopToMark()); return true;
            case '}': _stack.Push(new PickleDictionary()); return true;
            case 'd':
                object?[] items = _stack.PopToMark();
                _stack.Push(new PickleDictionary());
                SetItems(items);
                return true;
            case 's':
                object? value = _stack.Pop(), key = _stack.Pop();
                SetItems([key, value]);
                return true;
            case 'u': SetItems(_stack.PopToMark()); return true;
            default: return false;
        }
    }

    private bool Name(char code)
    {
        switch (code)
        {
            case 'c': _stack.Push(_world.Find(new PickleGlobal(_input.Line(), _input.Line()))); return true;
            case '\x93':
                _stack.Push(_stack.Pop() is string name && _stack.Pop() is string module
                    ? _world.Find(new PickleGlobal(module, name))
                    : throw _input.Damaged("STACK_GLOBAL without two texts"));
                return true;
            case 'R' or '\x81': Call(); return true;
            case 'Q': _stack.Push(_world.Load(_stack.Pop())); return true;
            case 'b':
                // The attributes of an OrderedDict (a state dictionary's _metadata) say nothing about weights.
                _stack.Pop();
                if (_stack.Top is not PickleDictionary) throw _input.Damaged("BUILD of something other than a dictionary refused");
                return true;
            default: return false;
        }
    }

    private void Call()
    {
        if (_stack.Pop() is not PickleTuple arguments) throw _input.Damaged("a call without a tuple of arguments");
        object callee = _stack.Pop() ?? throw _input.Damaged("a call of None");
        _stack.Push(_world.Call(callee, arguments.Items));
    }

    private bool Skip(ulong bytes)
    {
        _input.Skip(bytes);
        _stack.Push(PickleOpaque.Instance);
        return true;
    }

    private PickleTuple Tuple(int length)
    {
        var items = new object?[length];
        for (int i = length - 1; i >= 0; i--) items[i] = _stack.Pop();
        return new PickleTuple(items);
    }

    private void Append(ReadOnlySpan<object?> items)
    {
        if (_stack.Top is not PickleList list) throw _input.Damaged("items for something other than a list");
        list.Items.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (_stack.Top is not PickleDictionary dictionary) throw _input.Damaged("items for something other than a dictionary");
        if (items.Length % 2 != 0) throw _input.Damaged("a key without its value");
        for (int i = 0; i < items.Length; i += 2) dictionary.Items.Add(new(items[i], items[i + 1]));
    }

    private void PushLong(int bytes)
    {
        Span<byte> digits = stackalloc byte[255];
        _input.Take(digits[..bytes]);
        var value = new BigInteger(digits[..bytes]);
        if (value >= long.MinValue && value <= long.MaxValue) _stack.Push((long)value);
        else _stack.Push(value);
    }

    private void CheckProtocol(int protocol)
    {
        if (protocol > HighestProtocol) throw _input.Damaged($"protocol {protocol} is not known; {HighestProtocol} is the highest");
    }

    private CheckpointException Refused(char code) => code switch
    {
        'i' => _input.Damaged($"INST {new PickleGlobal(_input.Line(), _input.Line())} refused: it would run code"),
        'o' => _input.Damaged("OBJ refused: it would run code"),
        '\x82' or '\x83' or '\x84' => _input.Damaged("EXT refused: it names what only another program knows"),
        'I' or 'L' or 'F' or 'V' or 'S' or 'g' or 'p' or 'P' =>
            _input.Damaged($"instruction '{code}' of protocol 0 refused; save the weights again with pickle_protocol=2"),
        _ => _input.Damaged($"instruction 0x{(int)code:x2} refused: state dictionaries have none such"),
    };
}
