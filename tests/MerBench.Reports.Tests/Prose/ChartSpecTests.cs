using System.Text.Json.Nodes;
using MerBench.Reports.Html;

namespace MerBench.Tests.Reports;

public sealed class ChartSpecTests
{
    private const string Suffix = ".vl.json";

    private static IEnumerable<string> Names =>
        typeof(ChartSpec)
            .Assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => n.Split('.')[^3]);

    [Test]
    public void There_are_charts() => Assert.That(Names, Does.Contain("ranking").And.Contain("harm"));

    [TestCaseSource(nameof(Names))]
    public void A_file_is_complete_for_an_editor_and_leaves_data_and_colours_to_the_page(string name)
    {
        JsonNode file = JsonNode.Parse(PageAssets.Read(name + Suffix))!;
        Assert.That((string?)file["$schema"], Does.StartWith("https://vega.github.io/schema/vega-lite/"));
        Assert.That(file["data"]!["values"]!.AsArray(), Is.Not.Empty);

        JsonNode spec = JsonNode.Parse(ChartSpec.Read(name).ToString())!;
        Assert.That((spec["$schema"], spec["data"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
        Assert.That(spec.ToJsonString(), Does.Not.Contain("\"#"), "a colour that no theme changes");
    }

    [Test]
    public void Colours_of_the_light_theme_become_its_variables()
    {
        Assert.That(PageAssets.Read("ranking.vl.json"), Does.Contain("\"#D55E00\"").And.Not.Contain("var("));
        Assert.That(ChartSpec.Read("ranking").ToString(), Does.Contain("\"var(--harm)\"").And.Contain("\"var(--ink)\""));
    }

    [Test]
    public void Models_and_perturbations_look_the_same_in_all_charts()
    {
        JsonNode encoding = JsonNode.Parse(ChartSpec.Read("concepts").ToString())!["encoding"]!;
        Assert.That((string?)encoding["color"]!["scale"]!["palette"], Is.EqualTo("model"));
        Assert.That((string?)encoding["shape"]!["scale"]!["palette"], Is.EqualTo("perturbation"));
        Assert.That(encoding["x"]!["scale"], Is.Null);
    }

    [Test]
    public void A_value_is_put_wherever_the_file_has_one_of_that_name()
    {
        JsonNode spec = JsonNode.Parse(ChartSpec.Read("harm").Set("x.title", "size").Set("x.axis.values", new JsonArray(1, 2)).ToString())!;
        JsonNode[] axes = [.. spec["spec"]!["layer"]!.AsArray().Select(l => l!["encoding"]!["x"]).OfType<JsonNode>()];
        Assert.That(axes.Select(x => (string?)x["title"]), Is.EqualTo(Enumerable.Repeat("size", 4)));
        Assert.That(axes.Select(x => x["axis"]!["values"]!.ToJsonString()), Is.All.EqualTo("[1,2]"));
    }

    [Test]
    public void A_name_that_the_file_does_not_have_is_refused() =>
        Assert.That(() => ChartSpec.Read("harm").Set("x.titel", "size"), Throws.ArgumentException.With.Message.Contains("'x.titel'"));
}
