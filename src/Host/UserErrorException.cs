namespace MerBench.Host;

/// <summary>Everything that the user can mend. The tool prints the message alone.</summary>
public sealed class UserErrorException(string message, ErrorKind kind = ErrorKind.Input, Exception? inner = null)
    : Exception(message, inner)
{
    public ErrorKind Kind { get; } = kind;
}
