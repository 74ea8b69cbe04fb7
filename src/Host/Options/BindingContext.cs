using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>Collects problems while values are bound, and knows where in the file and on the disk they belong.</summary>
/// <param name="baseFolder">Absolute path of the folder against which paths resolve.</param>
public sealed class BindingContext(string baseFolder, ICollection<BenchmarkProblem> problems)
{
    private readonly Stack<string> _path = new();
    private readonly List<string> _inputs = [];

    /// <summary>Files and folders that were named, absolute.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    public string BaseFolder { get; } = baseFolder;

    /// <summary>Finds an attack that is an option of another one, and binds its own options; null where none are bound.</summary>
    internal Func<PluginEntry, BindingContext, AttackChoice?>? FindAttack { get; init; }

    /// <summary>The same for a corruption.</summary>
    internal Func<CorruptionEntry, BindingContext, CorruptionChoice?>? FindCorruption { get; init; }

    /// <summary>How many values could not be bound so far, counting those whose problem was reported elsewhere.</summary>
    public int Failures { get; private set; }

    /// <summary>Keys from the root to the value being bound, for messages: <c>models.A2E.train</c>.</summary>
    public string Path => string.Join('.', _path.Reverse());

    public T Within<T>(string key, Func<T> bind)
    {
        _path.Push(key);
        try
        {
            return bind();
        }
        finally
        {
            _path.Pop();
        }
    }

    public void Report(SourceLocation at, string message, string hint = "")
    {
        Failures++;
        problems.Add(new BenchmarkProblem(at, message, hint));
    }

    /// <summary>Notes a file or folder that what is bound will read.</summary>
    internal void NoteInput(string path) => _inputs.Add(path);

    /// <summary>Reports that a value is not what its key expects.</summary>
    /// <returns>Null, the value of what could not be bound.</returns>
    public object? Unexpected(Node node, string expected, string hint = "")
    {
        string where = _path.Count == 0 ? "" : $"'{Path}': ";
        Report(node.At, $"{where}expected {expected}, found {node.Kind}", hint);
        return null;
    }

    /// <summary>Counts a value whose problem is reported already.</summary>
    public void FailSilently() => Failures++;
}
