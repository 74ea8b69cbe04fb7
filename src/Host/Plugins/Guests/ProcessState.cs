using System.Collections;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Host.Plugins.Guests;

/// <summary>What belongs to the whole process or to the torch thread, and a plugin may change: taken down before it is called, and put
/// back afterwards.</summary>
internal sealed class ProcessState
{
    private readonly ScalarType _type = get_default_dtype();
    private readonly Device _device = get_default_device();
    private readonly bool _gradients = is_grad_enabled();
    private readonly bool _inference = is_inference_mode_enabled();
    private readonly int _threads = get_num_threads();
    private readonly byte[] _generator = ReadGenerator();
    private readonly DisposeScope? _scope = CurrentDisposeScope;
    private readonly (int Work, int Completion) _leastPool = ReadPool(ThreadPool.GetMinThreads);
    private readonly (int Work, int Completion) _mostPool = ReadPool(ThreadPool.GetMaxThreads);
    private readonly string _folder = Directory.GetCurrentDirectory();
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private readonly CultureInfo? _cultureOfThreads = CultureInfo.DefaultThreadCurrentCulture;
    private readonly CultureInfo? _uiCultureOfThreads = CultureInfo.DefaultThreadCurrentUICulture;
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _errors = Console.Error;
    private readonly TextReader _input = Console.In;
    private readonly Dictionary<string, string?> _variables = ReadVariables();

    private ProcessState() { }

    /// <summary>Call it on the thread that calls the plugin.</summary>
    public static ProcessState Capture() => new();

    /// <summary>Puts back what was changed; call it on the same thread.</summary>
    /// <returns>What was changed, in words; empty where nothing was.</returns>
    public IReadOnlyList<string> PutBack(Drawing drawing)
    {
        var changes = new List<string>();
        PutBackTorch(changes, drawing);
        PutBackProcess(changes);
        return changes;
    }

    private void PutBackTorch(List<string> changes, Drawing drawing)
    {
        if (get_default_dtype() is var type && type != _type)
        {
            changes.Add($"torch's default type to {type}");
            set_default_dtype(_type);
        }

        if (get_default_device() is var device && device != _device)
        {
            changes.Add($"torch's default device to {device}");
            set_default_device(_device);
        }

        if (is_inference_mode_enabled() != _inference)
        {
            changes.Add("torch's inference mode");
            _ = inference_mode(_inference);
        }

        if (is_grad_enabled() != _gradients)
        {
            changes.Add(_gradients ? "torch's gradient mode to off" : "torch's gradient mode to on");
            _ = set_grad_enabled(_gradients);
        }

        if (get_num_threads() is var threads && threads != _threads)
        {
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"torch's threads to {threads}"));
            set_num_threads(_threads);
        }

        if (drawing != Drawing.Left && !ReadGenerator().AsSpan().SequenceEqual(_generator))
        {
            if (drawing == Drawing.Forbidden)
                changes.Add("torch's random generator (random numbers come from the context's streams)");
            WriteGenerator(_generator);
        }

        if (CurrentDisposeScope != _scope)
        {
            changes.Add("the thread's dispose scopes (one was left open)");
            while (CurrentDisposeScope is { } open && open != _scope)
                open.Dispose();
        }
    }

    private void PutBackProcess(List<string> changes)
    {
        if (ReadFolder() is var folder && folder != _folder)
        {
            changes.Add($"the current directory to {folder ?? "one that is gone"}");
            Directory.SetCurrentDirectory(_folder);
        }

        if (!ReferenceEquals(CultureInfo.CurrentCulture, _culture) || !ReferenceEquals(CultureInfo.CurrentUICulture, _uiCulture))
        {
            changes.Add($"the culture to {Name(CultureInfo.CurrentCulture)}");
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _uiCulture);
        }

        if (
            !ReferenceEquals(CultureInfo.DefaultThreadCurrentCulture, _cultureOfThreads)
            || !ReferenceEquals(CultureInfo.DefaultThreadCurrentUICulture, _uiCultureOfThreads)
        )
        {
            changes.Add($"the culture of new threads to {Name(CultureInfo.DefaultThreadCurrentCulture)}");
            CultureInfo.DefaultThreadCurrentCulture = _cultureOfThreads;
            CultureInfo.DefaultThreadCurrentUICulture = _uiCultureOfThreads;
        }

        PutBackPool(changes);
        PutBackConsole(changes);
        PutBackVariables(changes);
    }

    private void PutBackPool(List<string> changes)
    {
        if (ReadPool(ThreadPool.GetMinThreads) == _leastPool && ReadPool(ThreadPool.GetMaxThreads) == _mostPool)
            return;
        changes.Add("how many threads the pool has");
        // The most first: the least must not exceed it.
        ThreadPool.SetMaxThreads(_mostPool.Work, _mostPool.Completion);
        ThreadPool.SetMinThreads(_leastPool.Work, _leastPool.Completion);
    }

    private static (int Work, int Completion) ReadPool(PoolThreads read)
    {
        read(out int work, out int completion);
        return (work, completion);
    }

    private delegate void PoolThreads(out int work, out int completion);

    private void PutBackConsole(List<string> changes)
    {
        if (ReferenceEquals(Console.Out, _output) && ReferenceEquals(Console.Error, _errors) && ReferenceEquals(Console.In, _input))
            return;
        changes.Add("the console's streams");
        Console.SetOut(_output);
        Console.SetError(_errors);
        Console.SetIn(_input);
    }

    private void PutBackVariables(List<string> changes)
    {
        Dictionary<string, string?> now = ReadVariables();
        string[] changed =
        [
            .. now
                .Keys.Union(_variables.Keys, StringComparer.Ordinal)
                .Where(name => now.GetValueOrDefault(name) != _variables.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal),
        ];
        if (changed.Length == 0)
            return;
        changes.Add($"the environment ({string.Join(", ", changed)})");
        foreach (string name in changed)
            Environment.SetEnvironmentVariable(name, _variables.GetValueOrDefault(name));
    }

    private static string Name(CultureInfo? culture) => culture is { Name: { Length: > 0 } name } ? name : "the invariant one";

    private static string? ReadFolder()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Dictionary<string, string?> ReadVariables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => (string?)v.Value, StringComparer.Ordinal);

    /// <summary>The state of torch's generator on the processor.</summary>
    public static byte[] ReadGenerator()
    {
        using Tensor state = get_rng_state();
        return state.bytes.ToArray();
    }

    /// <summary>Puts torch's generator on the processor back to a state that was read.</summary>
    public static void WriteGenerator(byte[] bytes)
    {
        using Tensor state = tensor(bytes, dtype: ScalarType.Byte);
        set_rng_state(state);
    }
}
