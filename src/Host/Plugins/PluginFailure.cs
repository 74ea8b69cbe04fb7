using MerBench.Host.Text;
using MerBench.Host.Torch;

namespace MerBench.Host.Plugins;

/// <summary>Says what a person needs to know of an exception that a plugin let out.</summary>
internal static class PluginFailure
{
    /// <summary>What to show. Messages written for users stand as they are; others get the plugin's name and the place.</summary>
    public static string Describe(string plugin, Exception exception)
    {
        string message = GuestText.ReadMessage(exception);
        return exception switch
        {
            CellFailedException or UserErrorException => GuestText.Lines(message),
            PluginUserException when message.Trim().Length > 0 => GuestText.Message(GuestText.Flatten(message)),
            PluginUserException => $"{plugin} {GuestText.NoReason}",
            _ => $"{plugin} threw {exception.GetType().Name}: {GuestText.Message(NativeMessage.Cause(message))}{Place(exception)}",
        };
    }

    /// <summary>Whether an exception is neither written for users nor one that the host looks for, so that who threw it has to be
    /// said.</summary>
    public static bool IsForeign(Exception exception) =>
        exception is not (CellFailedException or PluginUserException or UserErrorException or OperationCanceledException)
        && !OutOfMemory.Is(exception);

    private static string Place(Exception exception) =>
        exception.TargetSite is { DeclaringType: { } type } method ? $" (in {type.Name}.{method.Name})" : "";
}
