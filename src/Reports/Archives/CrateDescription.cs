using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Results.Archives;

namespace MerBench.Reports.Archives;

/// <summary>The content of <c>ro-crate-metadata.json</c>, by RO-Crate 1.2 (https://w3id.org/ro/crate/1.2): each file, and the run that made
/// them out of a benchmark, a dataset, and software.</summary>
internal static class CrateDescription
{
    private const string Version = "https://w3id.org/ro/crate/1.2";
    private const string Root = "./";
    private const string Licence = "#licence";
    private const string Run = "#run";
    private const string Author = "#author";
    private const string Dataset = "#dataset";
    private const string MerBench = "#merbench";
    private const string LibTorch = "#libtorch";

    public static string Write(RunResults results, ArchiveTerms terms, IReadOnlyList<ArchiveEntry> entries)
    {
        var crate = new JsonObject
        {
            ["@context"] = $"{Version}/context",
            ["@graph"] = new JsonArray([
                Describe(),
                DescribeRoot(results, terms, entries),
                .. entries.Select(DescribeFile),
                DescribeRun(results, entries),
                DescribeAuthor(results),
                DescribeTerms(terms),
                DescribeData(results),
                Software(MerBench, "MerBench", results.Environment.MerBench),
                Software(LibTorch, "libtorch", results.Environment.LibTorch),
                .. results.Environment.Plugins.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => DescribePlugin(results, p)),
            ]),
        };
        return JsonSerializer.Serialize(crate, ResultJson.Options) + "\n";
    }

    private static JsonObject Describe() =>
        new()
        {
            ["@id"] = CrateFiles.Description,
            ["@type"] = "CreativeWork",
            ["about"] = Refer(Root),
            ["conformsTo"] = Refer(Version),
        };

    private static JsonObject DescribeRoot(RunResults results, ArchiveTerms terms, IReadOnlyList<ArchiveEntry> entries) =>
        new()
        {
            ["@id"] = Root,
            ["@type"] = "Dataset",
            ["name"] = RunTitle.Write(results),
            ["description"] = RunTitle.Describe(results),
            ["datePublished"] = results.Environment.Started.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["license"] = Refer(terms.Address ?? Licence),
            ["author"] = Refer(Author),
            ["keywords"] = "music emotion recognition, adversarial robustness, benchmark",
            ["hasPart"] = new JsonArray([.. entries.Select(e => Refer(Address(e.Name)))]),
            ["mentions"] = Refer(Run),
        };

    private static JsonObject DescribeFile(ArchiveEntry entry)
    {
        (long bytes, string sha256) = entry.Measure();
        return new JsonObject
        {
            ["@id"] = Address(entry.Name),
            ["@type"] = "File",
            ["name"] = Path.GetFileName(entry.Name),
            ["description"] = entry.Meaning,
            ["encodingFormat"] = entry.Type,
            ["contentSize"] = bytes.ToString(CultureInfo.InvariantCulture),
            ["sha256"] = sha256,
        };
    }

    private static JsonObject DescribeRun(RunResults results, IReadOnlyList<ArchiveEntry> entries)
    {
        RunEnvironment on = results.Environment;
        IEnumerable<string> asked = entries.Where(e => e.Name == RunFolder.BenchmarkFile).Select(e => e.Name);
        return new JsonObject
        {
            ["@id"] = Run,
            ["@type"] = "CreateAction",
            ["name"] = $"Run of the benchmark {results.Benchmark}",
            ["description"] = on.Command ?? "Run by a program that calls MerBench",
            ["startTime"] = on.Started.ToString("O", CultureInfo.InvariantCulture),
            ["endTime"] = on.Started.AddSeconds(on.Seconds).ToString("O", CultureInfo.InvariantCulture),
            ["actionStatus"] = Refer("http://schema.org/CompletedActionStatus"),
            ["agent"] = Refer(Author),
            ["instrument"] = new JsonArray([
                Refer(MerBench),
                Refer(LibTorch),
                .. on.Plugins.Keys.Order(StringComparer.Ordinal).Select(name => Refer(AddressOfPlugin(name))),
            ]),
            ["object"] = new JsonArray([.. asked.Select(Refer), Refer(Dataset)]),
            ["result"] = Refer(RunFolder.ResultsFile),
        };
    }

    private static JsonObject DescribeAuthor(RunResults results)
    {
        var author = new JsonObject
        {
            ["@id"] = Author,
            ["@type"] = "Organization",
            ["name"] = RunTitle.WriteAuthor(results),
        };
        if (results.About?.Link is { } link)
            author["url"] = link;
        return author;
    }

    private static JsonObject DescribeTerms(ArchiveTerms terms) =>
        new()
        {
            ["@id"] = terms.Address ?? Licence,
            ["@type"] = "CreativeWork",
            ["name"] = terms.Name,
            ["description"] = terms.Note,
        };

    private static JsonObject DescribeData(RunResults results) =>
        new()
        {
            ["@id"] = Dataset,
            ["@type"] = "CreativeWork",
            ["name"] = $"The dataset {results.Dataset.Id}, as it was prepared",
            ["description"] = results.Dataset.Scale,
            ["identifier"] = $"sha256:{results.Dataset.Fingerprint}",
        };

    private static JsonObject DescribePlugin(RunResults results, KeyValuePair<string, string> plugin)
    {
        JsonObject software = Software(AddressOfPlugin(plugin.Key), plugin.Key, version: null);
        software["identifier"] = $"sha256:{plugin.Value}";
        if (!results.Sources.TryGetValue(plugin.Key, out PluginSource? source))
            return software;
        software["description"] = source.Summary;
        string[] cited = [.. source.References.Where(r => r.Problem is null).Select(r => r.Citation)];
        if (cited.Length > 0)
            software["citation"] = string.Join("; ", cited);
        return software;
    }

    private static JsonObject Software(string id, string name, string? version)
    {
        var software = new JsonObject
        {
            ["@id"] = id,
            ["@type"] = "SoftwareApplication",
            ["name"] = name,
        };
        if (version is not null)
            software["version"] = version;
        return software;
    }

    private static JsonObject Refer(string id) => new() { ["@id"] = id };

    private static string AddressOfPlugin(string name) => $"#{Uri.EscapeDataString(name)}";

    private static string Address(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
