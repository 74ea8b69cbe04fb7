using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Finds the plugin that a <c>use:</c> names, and binds its <c>with:</c>.</summary>
internal sealed class PluginResolver(PluginCatalog catalog, BindingContext context)
{
    /// <summary>Binds values whose options may name attacks and corruptions of a catalogue.</summary>
    public static BindingContext CreateContext(string baseFolder, ICollection<BenchmarkProblem> problems, PluginCatalog catalog) =>
        new(baseFolder, problems)
        {
            FindAttack = (entry, context) =>
                new PluginResolver(catalog, context).Resolve(entry.Use, entry.With, entry.At, PluginKind.Attack) is { } use
                    ? new BoundAttack(use)
                    : null,
            FindCorruption = (entry, context) =>
                new PluginResolver(catalog, context).Resolve(entry.Use, entry.With, entry.At, PluginKind.Corruption) is { } use
                    ? new BoundCorruption(use, entry.Severity)
                    : null,
        };

    /// <summary>The plugin with its options, or null when problems were reported.</summary>
    public PluginUse? Resolve(Located<string>? use, Node? with, SourceLocation at, PluginKind kind) =>
        Find(use, kind) is { } plugin ? Bind(plugin, with, at) : null;

    /// <summary>The plugin, or null when problems were reported.</summary>
    /// <param name="use">Null when that is reported already.</param>
    /// <param name="kinds">What it may be; the first kind that has the id wins.</param>
    public PluginDescriptor? Find(Located<string>? use, params PluginKind[] kinds)
    {
        if (use is null)
            return null;
        PluginDescriptor? plugin = kinds.Select(kind => catalog.Find(kind, use.Value)).FirstOrDefault(p => p is not null);
        if (plugin is null)
            ReportMissing(use, kinds);
        return plugin;
    }

    /// <summary>A plugin with its options, or null when problems were reported.</summary>
    public PluginUse? Bind(PluginDescriptor plugin, Node? with, SourceLocation at) =>
        context.Within("with", () => BindOptions(plugin, with, at));

    private PluginUse? BindOptions(PluginDescriptor plugin, Node? with, SourceLocation at)
    {
        int before = context.Failures;
        if (plugin.OptionsType is null)
        {
            if (with is MappingNode { Entries: [var first, ..] })
                context.Report(first.Key.At, $"unknown key '{first.Key.Text}'", $"'{plugin.Id}' has no options");
            return context.Failures > before ? null : new PluginUse(plugin, null, "{}", at);
        }

        if (!OptionsShape.TryCreate(plugin.OptionsType, out OptionsShape? shape, out string? reason))
        {
            context.Report(at, $"the options of '{plugin.Id}' cannot be bound: {reason}", "this is for the plugin's author to mend");
            return null;
        }

        object? options = shape.Bind(with, at, context);
        if (options is null || context.Failures > before)
            return null;
        try
        {
            return new PluginUse(plugin, options, shape.CanonicalJson(options, context.BaseFolder), at);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Report(with?.At ?? at, $"a file in the options of '{plugin.Id}' cannot be read: {e.Message}");
            return null;
        }
    }

    private void ReportMissing(Located<string> use, PluginKind[] kinds)
    {
        string what = string.Join(" or ", kinds.Select(Name));
        PluginDescriptor? unusable = catalog.All.FirstOrDefault(p =>
            p.Id == use.Value && p.State != PluginState.Ready && (p.Kind is null || kinds.Contains(p.Kind.Value))
        );
        if (unusable is not null)
        {
            context.Report(
                use.At,
                $"{what} '{use.Value}' cannot be used ({KebabCase.Convert(unusable.State.ToString())}): {unusable.Reason.TrimEnd('.')}",
                "'merbench list' shows every plugin that was found"
            );
            return;
        }

        string[] ids =
        [
            .. kinds.SelectMany(catalog.Ready).Select(p => p.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        PluginDescriptor? other = catalog.All.FirstOrDefault(p => p.Id == use.Value && p.State == PluginState.Ready);
        string hint = NearestName.Hint(use.Value, ids, "none was found");
        if (other?.Kind is { } kind)
            hint = $"'{use.Value}' is {(kind == PluginKind.Attack ? "an" : "a")} {Name(kind)}; {hint}";
        context.Report(use.At, $"unknown {what} '{use.Value}'", hint);
    }

    private static string Name(PluginKind kind) => kind == PluginKind.FrontEnd ? "front end" : KebabCase.Convert(kind.ToString());
}
