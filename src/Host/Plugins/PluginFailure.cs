using MerBench.Host.Text;

namespace MerBench.Host.Plugins;

/// <summary>Says what a person needs to know of an exception that a plugin let out.</summary>
internal static class PluginFailure
{
    /// <summary>One line. Messages written for users stand as they are; others get the plugin's name and the place.</summary>
    public static string Describe(string plugin, Exception exception) =>
        exception switch
        {
            CellFailedException or PluginUserException or UserErrorException => exception.Message,
            _ => $"{plugin} threw {exception.GetType().Name}: {NativeMessage.Cause(exception.Message)}{Place(exception)}",
        };

    private static string Place(Exception exception) =>
        exception.TargetSite is { DeclaringType: { } type } method ? $" (in {type.Name}.{method.Name})" : "";
}
