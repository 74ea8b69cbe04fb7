namespace MerBench.Host.Text;

/// <summary>What libtorch says, without where in its own code it says so.</summary>
public static class NativeMessage
{
    private static readonly string[] Traces = ["Exception raised from", "frame #", "(most recent call last)"];

    /// <summary>The cause in one line: of a module's code the last line, which tells what went wrong, else the first.</summary>
    public static string Cause(string message)
    {
        string[] lines = [.. message.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !IsPlace(l))];
        if (lines.Length == 0)
            return "";
        bool isOfModule = message.Contains("TorchScript interpreter", StringComparison.Ordinal);
        string cause = isOfModule ? lines[^1] : lines[0];
        int trace = cause.IndexOf(" (Exception raised from", StringComparison.Ordinal);
        return (trace < 0 ? cause : cause[..trace]).TrimEnd('.');
    }

    // Lines of traces, and the marks under a piece of code.
    private static bool IsPlace(string line) =>
        Array.Exists(Traces, t => line.StartsWith(t, StringComparison.Ordinal))
        || line.All(c => c is '~' or '^' or '<' or '-' or ' ' or 'H' or 'E' or 'R');
}
