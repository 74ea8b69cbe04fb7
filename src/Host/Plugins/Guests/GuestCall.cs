using MerBench.Host.Torch;

namespace MerBench.Host.Plugins.Guests;

/// <summary>Calls a plugin, and leaves the process as it was before.</summary>
internal static class GuestCall
{
    /// <param name="plugin">Who is called, for messages.</param>
    /// <param name="drawing">Asked afterwards; null: it must not draw.</param>
    /// <exception cref="CellFailedException">The plugin changed state of the process; it is put back.</exception>
    public static T Run<T>(string plugin, Func<T> call, Func<Drawing>? drawing = null)
    {
        var before = ProcessState.Capture();
        T result;
        try
        {
            result = call();
        }
        catch (Exception e)
        {
            IReadOnlyList<string> left = before.PutBack(drawing?.Invoke() ?? Drawing.Forbidden);
            if (left.Count == 0 || e is OperationCanceledException || OutOfMemory.Is(e))
                throw;
            throw new CellFailedException($"{Describe(plugin, left)}. Then: {PluginFailure.Describe(plugin, e)}", e);
        }

        if (before.PutBack(drawing?.Invoke() ?? Drawing.Forbidden) is { Count: > 0 } changes)
            throw new CellFailedException($"{Describe(plugin, changes)}. It was put back.");
        return result;
    }

    /// <summary>As <see cref="Run"/>, for what makes a network: layers draw their first weights from torch's generator.</summary>
    public static T Make<T>(string plugin, Func<T> call) => Run(plugin, call, static () => Drawing.PutBack);

    /// <summary>As <see cref="Run"/>, for what answers: who draws for its answers is found by what they are.</summary>
    public static T Ask<T>(string plugin, Func<T> call) => Run(plugin, call, static () => Drawing.Left);

    /// <summary>Names a plugin that throws while another one, which asked for it, is called.</summary>
    /// <exception cref="CellFailedException">It threw something that was not written for users.</exception>
    public static T Blame<T>(string plugin, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (PluginFailure.IsForeign(e))
        {
            throw new CellFailedException(PluginFailure.Describe(plugin, e), e);
        }
    }

    private static string Describe(string plugin, IReadOnlyList<string> changes) =>
        $"{plugin} changed what belongs to the whole process: {string.Join("; ", changes)}";
}
