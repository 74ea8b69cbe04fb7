using MerBench.Host.Bibliography;

namespace MerBench.Host.Plugins;

/// <summary>Where a plugin that was used comes from, so that a report needs no plugins.</summary>
/// <param name="References">What to cite for how it was used, the most important first.</param>
public sealed record PluginSource(string Summary, string Source, IReadOnlyList<PluginReference> References)
{
    /// <summary>By kind and id, such as <c>attack/pgd</c>.</summary>
    internal static Dictionary<string, PluginSource> List(IEnumerable<PluginUse> uses) =>
        uses.GroupBy(use => use.Plugin.Name, StringComparer.Ordinal)
            .ToDictionary(
                uses => uses.Key,
                uses =>
                {
                    PluginDescriptor plugin = uses.First().Plugin;
                    return new PluginSource(
                        plugin.Summary,
                        plugin.Source,
                        [.. plugin.References.Where(r => uses.Any(use => r.Concerns(use.OptionsJson)))]
                    );
                },
                StringComparer.Ordinal
            );
}
