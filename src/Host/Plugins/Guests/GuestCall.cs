using MerBench.Host.Torch;

namespace MerBench.Host.Plugins.Guests;

/// <summary>Calls a plugin, and leaves the process as it was before.</summary>
internal static class GuestCall
{
    /// <param name="plugin">Who is called, for messages.</param>
    /// <param name="mayDraw">Whether it may draw from torch's generator; asked afterwards. Null: it may not.</param>
    /// <exception cref="CellFailedException">The plugin changed state of the process; it is put back.</exception>
    public static T Run<T>(string plugin, Func<T> call, Func<bool>? mayDraw = null)
    {
        var before = ProcessState.Capture();
        T result;
        try
        {
            result = call();
        }
        catch (Exception e)
        {
            IReadOnlyList<string> left = before.PutBack(mayDraw?.Invoke() ?? false);
            if (left.Count == 0 || e is OperationCanceledException || OutOfMemory.Is(e))
                throw;
            throw new CellFailedException($"{Describe(plugin, left)}. Then: {PluginFailure.Describe(plugin, e)}", e);
        }

        if (before.PutBack(mayDraw?.Invoke() ?? false) is { Count: > 0 } changes)
            throw new CellFailedException($"{Describe(plugin, changes)}. It was put back.");
        return result;
    }

    /// <summary>As <see cref="Run"/>, for what makes a network: layers draw their first weights from torch's generator.</summary>
    public static T Make<T>(string plugin, Func<T> call) => Run(plugin, call, static () => true);

    private static string Describe(string plugin, IReadOnlyList<string> changes) =>
        $"{plugin} changed what belongs to the whole process: {string.Join("; ", changes)}";
}
