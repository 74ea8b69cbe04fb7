namespace MerBench.Host.Plugins;

/// <summary>A plugin that is an option of another one, with its own options bound.</summary>
internal interface IBoundPlugin
{
    PluginUse Use { get; }
}
