namespace MerBench.Host.Execution;

/// <summary>A cell cannot go on; the message is shown as the cell's result.</summary>
public sealed class CellFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What a person needs to know of an exception that a plugin let out.</summary>
    public static string Describe(string plugin, Exception exception) => exception switch
    {
        CellFailedException or PluginUserException or UserErrorException => exception.Message,
        _ => $"{plugin} threw {exception.GetType().Name}: {FirstLine(exception.Message)}{Place(exception)}",
    };

    // libtorch appends a C++ stack trace to its messages.
    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();

    private static string Place(Exception exception) =>
        exception.TargetSite is { DeclaringType: { } type } method ? $" (in {type.Name}.{method.Name})" : "";
}
