using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Weights;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Says what a file of a model is: a plugin that takes such files is asked, or it is read as weights.</summary>
public static class ModelFileReader
{
    private const string PathKey = "path";
    private const int TensorsShown = 40;

    /// <summary>What a file is.</summary>
    /// <exception cref="UserErrorException">It is nothing that a model is made from; the message says why, for each kind.</exception>
    public static ModelFileDescription Read(string file, PluginCatalog catalog)
    {
        string path = Path.GetFullPath(file);
        if (!File.Exists(path))
            throw new UserErrorException($"There is no file {file}.");
        var refusals = new List<string>();
        foreach (PluginDescriptor plugin in catalog.Ready(PluginKind.Model).Where(IsAsked))
        {
            if (Ask(plugin, path, catalog) is not { } report)
                continue;
            if (report.Refusal is null)
                return new ModelFileDescription(path, plugin.Id, report.Facts, report.Remarks);
            refusals.Add($"{plugin.Id}: {report.Refusal}");
        }

        try
        {
            return new ModelFileDescription(path, null, [.. Facts(WeightsFile.Read(path))], []);
        }
        catch (UserErrorException e)
        {
            refusals.Add($"weights: {e.Message}");
            throw new UserErrorException($"{file} is no file that a model is made from:\n  {string.Join("\n  ", refusals)}", inner: e);
        }
    }

    private static bool IsAsked(PluginDescriptor plugin) => typeof(IStaticInspection).IsAssignableFrom(plugin.Type);

    private static ModelFileReport? Ask(PluginDescriptor plugin, string path, PluginCatalog catalog)
    {
        var at = new SourceLocation(path, 1, 1);
        var problems = new List<BenchmarkProblem>();
        BindingContext context = PluginResolver.CreateContext(Path.GetDirectoryName(path)!, problems, catalog);
        var with = new MappingNode(at, [new MappingEntry(new ScalarNode(at, PathKey), new ScalarNode(at, path, IsText: true))]);
        if (new PluginResolver(catalog, context).Bind(plugin, with, at) is not { } use)
            return null;
        return ModelFiles.Inspect(use);
    }

    private static IEnumerable<ModelFileFact> Facts(StoredWeights weights)
    {
        yield return new ModelFileFact("format", "weights alone: give it as 'weights' to a model that has code, or export the model");
        if (weights.Key is { } key)
            yield return new ModelFileFact("key", GuestText.Name(key));
        if (weights.OtherKeys.Count > 0)
            yield return new ModelFileFact("other keys", ShortList.Write([.. weights.OtherKeys]));
        long numbers = weights.Tensors.Values.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));
        yield return new ModelFileFact(
            "weights",
            $"{ShortList.Count(numbers)} numbers in {ShortList.Count(weights.Tensors.Count)} tensors"
        );
        foreach ((string name, StoredTensor tensor) in weights.Tensors.Take(TensorsShown))
            yield return new ModelFileFact("tensor", $"{GuestText.Name(name)} {tensor}");
        if (weights.Tensors.Count > TensorsShown)
            yield return new ModelFileFact("tensor", $"and {ShortList.Count(weights.Tensors.Count - TensorsShown)} more");
    }
}

/// <summary>What a file of a model is.</summary>
/// <param name="File">Its absolute path.</param>
/// <param name="Use">The model plugin that takes it; null for weights.</param>
/// <param name="Facts">In the order in which they are shown.</param>
/// <param name="Remarks">What a user should know, in sentences.</param>
public sealed record ModelFileDescription(string File, string? Use, IReadOnlyList<ModelFileFact> Facts, IReadOnlyList<string> Remarks);
