namespace MerBench.Host.Runs.Executors;

/// <summary>What a process wrote last to standard error: where the runtime says why it ends, that, without the stack traces
/// behind it.</summary>
internal sealed class LastWords
{
    // Behind the first one stands a message in a line of its own.
    private const string Terminated = "Process terminated.";
    private static readonly string[] Causes = [Terminated, "Unhandled exception. ", "Stack overflow.", "Fatal error."];

    private string _words = "";
    private bool _isCause;

    /// <summary>Takes a line in.</summary>
    /// <returns>Whether people need to see it.</returns>
    public bool Hear(string line)
    {
        string text = line.Trim();
        if (Array.Exists(Causes, c => text.StartsWith(c.Trim(), StringComparison.Ordinal)))
        {
            (_words, _isCause) = (text, true);
            return true;
        }

        if (_isCause && (_words != Terminated || text.StartsWith("at ", StringComparison.Ordinal)))
            return false;
        if (text.Length > 0)
            _words = _isCause ? $"{_words} {text}" : text;
        return true;
    }

    public override string ToString() => _words;
}
