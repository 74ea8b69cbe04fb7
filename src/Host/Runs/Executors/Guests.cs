using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Plugins;

namespace MerBench.Host.Runs.Executors;

/// <summary>Whose code a cell runs besides MerBench's own: assemblies of others, and modules that are code.</summary>
internal static class Guests
{
    /// <summary>Their names, separated by commas; empty where there are none.</summary>
    public static string Find(BenchmarkDefinition definition, Cell cell)
    {
        ModelDefinition[] models = [.. definition.Asked(cell.Model, cell.Perturbation)];
        IEnumerable<PluginUse> uses =
        [
            definition.Dataset,
            .. definition.EarsInUse.Select(e => e.FrontEnd),
            .. definition.Metrics,
            cell.Perturbation.Use,
            .. models.Select(m => m.Train?.Adversarial?.Attack).OfType<PluginUse>(),
        ];
        IEnumerable<string> names = uses.SelectMany(u => u.WithInner())
            .Where(u => !PluginFolders.IsBundled(u.Plugin))
            .Select(u => u.Plugin.AssemblyPath)
            .Concat(models.Select(Name).OfType<string>());
        return string.Join(", ", names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    /// <summary>Cells by whose code they run.</summary>
    public static ILookup<string, Cell> Group(BenchmarkDefinition definition, IEnumerable<Cell> cells)
    {
        var known = new Dictionary<(string, string), string>();
        return cells.ToLookup(Find, StringComparer.Ordinal);

        string Find(Cell cell)
        {
            (string, string) pair = (cell.Model.Name, cell.Perturbation.Name);
            return known.TryGetValue(pair, out string? names) ? names : known[pair] = Guests.Find(definition, cell);
        }
    }

    /// <summary>What to know where all of a plan runs in one process that wanted otherwise; null where nothing is.</summary>
    public static string? Warn(RunPlan plan)
    {
        string[] guests = [.. Group(plan.Definition, plan.Cells).Select(g => g.Key).Where(g => g.Length > 0)];
        string? limit = plan.Definition.Memory is { } memory ? $"'evaluation: memory' ({memory}) is not watched over" : null;
        string? within = guests.Length > 0 ? $"{string.Join(", ", guests)} may end this process" : null;
        return within is null && limit is null
            ? null
            : "no worker processes can be started from here, only by the tool: "
                + string.Join("; ", new[] { within, limit }.OfType<string>());
    }

    private static string? Name(ModelDefinition model)
    {
        if (!PluginFolders.IsBundled(model.Use.Plugin))
            return model.Use.Plugin.AssemblyPath;
        return model.Use.Plugin.RunsForeignCode ? $"the code of model '{model.Name}'" : null;
    }
}
