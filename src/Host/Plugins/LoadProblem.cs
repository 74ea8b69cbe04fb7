using System.Reflection;
using MerBench.Host.Text;

namespace MerBench.Host.Plugins;

/// <summary>Turns what went wrong while loading into a named state and a reason that says what to do.</summary>
internal static class LoadProblem
{
    /// <summary>The state and reason for an exception; <paramref name="otherwise"/> when it is not about loading.</summary>
    public static (PluginState State, string Reason) Explain(Exception problem, PluginState otherwise, string doing)
    {
        Exception cause = Unwrap(problem);
        return cause switch
        {
            FileNotFoundException { FileName: { Length: > 0 } missing } => (
                PluginState.MissingDependency,
                $"needs the assembly '{ShortName(missing)}', which is not in its folder; build the plugin with EnableDynamicLoading and "
                    + $"copy its whole output folder"
            ),
            FileLoadException { FileName: { Length: > 0 } unusable } => (
                PluginState.MissingDependency,
                $"needs the assembly '{ShortName(unusable)}', which cannot be loaded: {cause.Message}"
            ),
            TypeLoadException or MissingMemberException => (
                PluginState.NeedsAnotherContract,
                $"does not fit the host's contract {HostContract.Current.Version} ({cause.Message}); rebuild it against "
                    + $"{HostContract.AssemblyName} with that contract"
            ),
            _ => (otherwise, $"{doing}: {cause.GetType().Name}: {GuestText.Message(GuestText.ReadMessage(cause))}"),
        };
    }

    /// <summary>The exception behind the wrappings of reflection.</summary>
    public static Exception Unwrap(Exception problem)
    {
        while (true)
        {
            switch (problem)
            {
                case ReflectionTypeLoadException { LoaderExceptions: { } causes } when Array.Find(causes, c => c is not null) is { } first:
                    // A missing file explains the types that cannot be loaded for want of it.
                    problem = Array.Find(causes, c => c is IOException) ?? first;
                    continue;
                case TargetInvocationException { InnerException: { } inner }:
                    problem = inner;
                    continue;
                case TypeInitializationException { InnerException: { } inner }:
                    problem = inner;
                    continue;
                default:
                    return problem;
            }
        }
    }

    private static string ShortName(string displayName)
    {
        int comma = displayName.IndexOf(", Culture", StringComparison.Ordinal);
        return (comma < 0 ? displayName : displayName[..comma]).Replace(", Version=", " ", StringComparison.Ordinal);
    }
}
