namespace MerBench.Host;

/// <summary>Everything that the user can mend. The tool prints the message alone and exits with <see cref="ExitCode"/>.</summary>
public sealed class UserErrorException(string message, int exitCode = 3, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>3 for input, 4 for the environment.</summary>
    public int ExitCode { get; } = exitCode;
}
