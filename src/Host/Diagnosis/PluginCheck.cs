using System.Globalization;
using MerBench.Host.Plugins;

namespace MerBench.Host.Diagnosis;

/// <summary>How many plugins there are, and each one that cannot be used.</summary>
internal static class PluginCheck
{
    public static IEnumerable<Finding> Examine(Func<PluginCatalog> find)
    {
        PluginCatalog catalog;
        try
        {
            catalog = find();
        }
        catch (UserErrorException problem)
        {
            return [new Finding("plugins", FindingStatus.Problem, "cannot be looked for", problem.Message)];
        }

        string[] counts =
        [
            .. catalog
                .All.Where(p => p.State == PluginState.Ready)
                .GroupBy(p => p.Kind)
                .OrderBy(kind => kind.Key)
                .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count()} {Named(kind.Key, kind.Count())}")),
        ];
        Finding summary =
            counts.Length > 0
                ? new Finding("plugins", FindingStatus.Ok, string.Join(", ", counts))
                : new Finding(
                    "plugins",
                    FindingStatus.Problem,
                    "none can be used",
                    "The bundled ones lie in 'plugins' beside the application: install MerBench again."
                );
        return [summary, .. catalog.All.Where(p => p.State != PluginState.Ready).Select(Unusable)];
    }

    private static Finding Unusable(PluginDescriptor plugin) =>
        new("plugins", FindingStatus.Warning, $"'{plugin.Id}' cannot be used ({plugin.AssemblyPath})", plugin.Reason);

    private static string Named(PluginKind? kind, int count) =>
        (kind == PluginKind.FrontEnd ? "front end" : $"{kind}".ToLowerInvariant()) + (count == 1 ? "" : "s");
}
