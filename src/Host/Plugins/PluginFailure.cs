using MerBench.Host.Torch;

namespace MerBench.Host.Plugins;

/// <summary>Says what a person needs to know of an exception that a plugin let out.</summary>
internal static class PluginFailure
{
    /// <summary>One line. Messages written for users stand as they are; others get the plugin's name and the place.</summary>
    public static string Describe(string plugin, Exception exception) =>
        exception switch
        {
            CellFailedException or PluginUserException or UserErrorException => exception.Message,
            _ => $"{plugin} threw {exception.GetType().Name}: {FirstLine(exception.Message)}{Place(exception)}",
        };

    /// <summary>Whether an exception is neither written for users nor one that the host looks for, so that who threw it has to be
    /// said.</summary>
    public static bool IsForeign(Exception exception) =>
        exception is not (CellFailedException or PluginUserException or UserErrorException or OperationCanceledException)
        && !OutOfMemory.Is(exception);

    // libtorch appends a C++ stack trace to its messages.
    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();

    private static string Place(Exception exception) =>
        exception.TargetSite is { DeclaringType: { } type } method ? $" (in {type.Name}.{method.Name})" : "";
}
