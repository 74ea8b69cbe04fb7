using MerBench.Host.Text;

namespace MerBench.Host.Plugins;

/// <summary>A plugin with its options bound and validated.</summary>
/// <param name="Options">The options record, or null when the plugin has none.</param>
/// <param name="OptionsJson">The options in canonical JSON (kebab-case, sorted keys, all defaults filled in, contents of files as their
/// SHA-256); part of keys.</param>
public sealed record PluginUse(PluginDescriptor Plugin, object? Options, string OptionsJson, SourceLocation At)
{
    public T Create<T>() => (T)Plugin.Create(Options);

    /// <summary>It, the plugins among its options, and those among theirs.</summary>
    public IEnumerable<PluginUse> WithInner() =>
        (Options?.GetType().GetProperties() ?? [])
            .SelectMany(
                IEnumerable<object> (property) =>
                    property.GetValue(Options) switch
                    {
                        IBoundPlugin plugin => [plugin],
                        IEnumerable<object> several => several,
                        _ => [],
                    }
            )
            .OfType<IBoundPlugin>()
            .SelectMany(plugin => plugin.Use.WithInner())
            .Prepend(this);
}
