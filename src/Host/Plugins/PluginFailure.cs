using MerBench.Host.Text;

namespace MerBench.Host.Plugins;

/// <summary>Says what a person needs to know of an exception that a plugin let out.</summary>
internal static class PluginFailure
{
    private static readonly char[] LineBreaks = ['\r', '\n'];

    /// <summary>What to show. Messages written for users stand as they are; others get the plugin's name and the place.</summary>
    public static string Describe(string plugin, Exception exception)
    {
        string message = GuestText.ReadMessage(exception);
        return exception switch
        {
            CellFailedException or UserErrorException => GuestText.Lines(message),
            PluginUserException when message.Trim().Length > 0 => GuestText.Message(GuestText.Flatten(message)),
            PluginUserException => $"{plugin} {GuestText.NoReason}",
            _ => $"{plugin} threw {exception.GetType().Name}: {GuestText.Message(FirstLine(message))}{Place(exception)}",
        };
    }

    // libtorch appends a C++ stack trace to its messages.
    private static string FirstLine(string message) => message.Trim().Split(LineBreaks, 2)[0];

    private static string Place(Exception exception) =>
        exception.TargetSite is { DeclaringType: { } type } method ? $" (in {type.Name}.{method.Name})" : "";
}
