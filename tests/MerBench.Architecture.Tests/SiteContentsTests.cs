using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace MerBench.Tests.Architecture;

/// <summary>The documentation site's tables of contents name every page, and no other.</summary>
public sealed class SiteContentsTests
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build();

    [Test]
    public void Every_page_of_docs_stands_once_in_the_contents()
    {
        IEnumerable<string> pages = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file));
        string[] named = Named("docs/toc.yml");
        Assert.That(named.Where(path => path.StartsWith("docs/", StringComparison.Ordinal)), Is.EquivalentTo(pages));
        Assert.That(named, Is.Unique);
    }

    // The API reference is made while the site is built.
    [TestCase("docs/toc.yml")]
    [TestCase("site/toc.yml")]
    public void What_the_contents_name_is_there(string contents)
    {
        IEnumerable<string> missing = Named(contents)
            .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal))
            .Where(path => !Path.Exists(Path.Combine(Repository.Root, path)));
        Assert.That(missing, Is.Empty);
    }

    private static string[] Named(string contents)
    {
        string file = Path.Combine(Repository.Root, contents);
        return
        [
            .. Flatten(Yaml.Deserialize<List<Entry>>(File.ReadAllText(file)))
                .Select(entry => entry.Href)
                .OfType<string>()
                .Select(href => Path.GetRelativePath(Repository.Root, Path.Combine(Path.GetDirectoryName(file)!, href))),
        ];
    }

    private static IEnumerable<Entry> Flatten(IEnumerable<Entry> entries) => entries.SelectMany(e => Flatten(e.Items).Prepend(e));

    private sealed class Entry
    {
        public string? Href { get; set; }
        public List<Entry> Items { get; set; } = [];
    }
}
