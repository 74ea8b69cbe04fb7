using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Reads benchmark files: YAML in, a validated definition or all problems out. Nothing that a file contains makes it
/// throw.</summary>
public static class BenchmarkReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">As shown in problems; relative paths in the file resolve against its folder.</param>
    /// <param name="environment">Values of variables; the process environment when left out.</param>
    public static BenchmarkReading Read(string path, PluginCatalog catalog, Func<string, string?>? environment = null)
    {
        try
        {
            var problems = new List<BenchmarkProblem>();
            return YamlFile.Read(path, problems) is { } text
                ? Parse(text, path, catalog, environment)
                : new BenchmarkReading(null, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string reason = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message;
            return new BenchmarkReading(
                null,
                [new BenchmarkProblem(new SourceLocation(path, 1, 1), $"the benchmark file cannot be read: {reason}")]
            );
        }
    }

    /// <summary>Whether a file names Slurm as the one who computes it; false where it cannot be read, which reading it will say.</summary>
    public static bool NamesSlurm(string path)
    {
        try
        {
            var problems = new List<BenchmarkProblem>();
            Node? executor =
                YamlFile.Read(path, problems) is { } text
                && YamlLoader.Load(text, path, Environment.GetEnvironmentVariable, problems) is MappingNode root
                    ? root.Find("executor")?.Value
                    : null;
            Node? use = executor is MappingNode mapping ? mapping.Find("use")?.Value : executor;
            return use is ScalarNode { Text: "slurm" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads text as if it stood in a file.</summary>
    public static BenchmarkReading Parse(string text, string path, PluginCatalog catalog, Func<string, string?>? environment = null)
    {
        var problems = new List<BenchmarkProblem>();
        BenchmarkDefinition? definition = null;
        IReadOnlyList<string> inputs = [];
        if (YamlLoader.Load(text, path, environment ?? Environment.GetEnvironmentVariable, problems) is { } root)
        {
            BindingContext context = PluginResolver.CreateContext(Path.GetDirectoryName(Path.GetFullPath(path))!, problems, catalog);
            new NameRules(context).Check(root, path);
            if (OptionsShape.Find(typeof(BenchmarkFile)).Bind(root, context) is BenchmarkFile file)
                definition = new DefinitionBuilder(file, path, catalog, context).Build();
            inputs = context.Inputs;
        }

        if (definition is not null && problems.Count == 0)
        {
            problems.AddRange(DomainFit.Complaints(definition, m => DomainFit.Ask(m, definition.Models)));
            problems.AddRange(SurrogateFit.Complaints(definition, SurrogateFit.Ask));
            problems.AddRange(ModelFiles.Complaints(definition));
        }

        if (definition is not null && problems.Count == 0 && MatrixSize.Complaint(definition) is { } complaint)
            problems.Add(complaint);
        BenchmarkProblem[] sorted = [.. problems.Distinct().OrderBy(p => p.At.Line).ThenBy(p => p.At.Column)];
        return new BenchmarkReading(sorted.Length == 0 ? definition : null, sorted)
        {
            Text = text,
            Inputs = inputs,
            Remarks = definition is null ? [] : ModelFiles.ListRemarks(definition),
        };
    }
}
