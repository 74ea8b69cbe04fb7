using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Tests.Benchmarks;

public sealed class BenchmarkSchemaTests
{
    private static readonly JsonObject Schema = BenchmarkSchema.Create(Fixtures.Catalog);

    [Test]
    public void The_example_of_the_design_and_the_smallest_file_are_valid()
    {
        Assert.That(Complaints(BenchmarkReaderTests.Paper), Is.Empty);
        Assert.That(Complaints(BenchmarkReaderTests.Smallest), Is.Empty);
    }

    [TestCase("dataset: cue\nmodels: { a: vgg }\nperturbations: { p: pgd }", "/dataset")]
    [TestCase("models: { a: vgg }\nperturbations: { p: pgd }", "/")]
    [TestCase("dataset: cues\nmodels: { a: { use: vgg, with: { widht: 2 } } }\nperturbations: { p: pgd }", "/models/a")]
    [TestCase("dataset: cues\nmodels: { a: { use: vgg, with: { width: 9 } } }\nperturbations: { p: pgd }", "/models/a")]
    [TestCase("dataset: cues\nmodels: { a: { use: vgg, train: { epochs: 0 } } }\nperturbations: { p: pgd }", "/models/a")]
    [TestCase("dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: codec } }", "/perturbations/p")]
    [TestCase("dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: noise, severities: [6] } }", "/perturbations/p")]
    [TestCase("dataset: cues\nmodels: { a: vgg }\nperturbations: { p: pgd }\nseeds: [a]", "/seeds/0")]
    [TestCase("dataset: cues\nmodels: { a: vgg }\nperturbations: { p: pgd }\nfront-ned: mel", "/front-ned")]
    [TestCase("dataset: cues\nmodels: { a: vgg }\nperturbations: { p: pgd }\ndevice: [cpu, tpu]", "/device")]
    public void A_mistake_is_invalid_at_its_place(string yaml, string path)
    {
        Assert.That(Fixtures.ProblemsOf(yaml), Is.Not.Empty);
        Assert.That(Complaints(yaml), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void Every_key_of_a_benchmark_file_is_in_the_schema_with_a_description()
    {
        string[] keys =
        [
            "name",
            "dataset",
            "front-end",
            "models",
            "perturbations",
            "seeds",
            "metrics",
            "matrix",
            "evaluate-on",
            "excerpt",
            "evaluation",
            "device",
            "isolation",
            "executor",
            "success",
            "snapshot",
            "threat-model",
            "about",
        ];
        JsonObject properties = Schema["properties"]!.AsObject();
        Assert.That(properties.Select(p => p.Key), Is.EquivalentTo(keys));
        Assert.That(properties.Select(p => (string?)p.Value!["description"]), Has.None.Null);
        string text = Schema.ToJsonString();
        foreach (
            string key in new[]
            {
                "use",
                "with",
                "train",
                "weights",
                "budgets",
                "severities",
                "objective",
                "domain",
                "linf",
                "l2",
                "snr",
                "exclude",
                "model",
                "perturbation",
                "seed",
                "seconds",
                "placement",
                "standardise-on",
                "minimum-seconds",
                "batch",
                "cell-timeout",
                "model-timeout",
                "tolerance",
                "relative",
                "absolute",
                "epochs",
                "learning-rate",
                "patience",
                "concept-weight",
            }
        )
            Assert.That(text, Does.Contain($"\"{key}\":{{"), key);
    }

    [Test]
    public void Every_usable_plugin_is_in_the_schema_with_its_options()
    {
        JsonObject definitions = Schema["$defs"]!.AsObject();
        Assert.That(
            definitions["attack.pgd"]!["properties"]!.AsObject().Select(p => p.Key),
            Is.EqualTo(new[] { "steps", "step-size", "restarts" })
        );
        Assert.That(definitions.Select(d => d.Key), Has.None.Contains("old-pgd"));
        Assert.That(definitions["metric.mae"]!["description"]!.GetValue<string>(), Does.Contain("The mae."));
    }

    private static string[] Complaints(string yaml)
    {
        var problems = new List<BenchmarkProblem>();
        // As an editor sees it: variables are still there.
        Node root = YamlLoader.Load(yaml, "f", name => "${" + name + "}", problems)!;
        Assert.That(problems, Is.Empty);
        var complaints = new List<string>();
        Check(Json(root), Schema, "", complaints);
        return [.. complaints.Distinct()];
    }

    private static JsonNode? Json(Node node) =>
        node switch
        {
            MappingNode mapping => new JsonObject(mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Text, Json(e.Value)))),
            ListNode list => new JsonArray([.. list.Items.Select(Json)]),
            ScalarNode { IsNull: true } => null,
            ScalarNode { IsText: false, Text: "true" or "false" } scalar => JsonValue.Create(scalar.Text == "true"),
            ScalarNode { IsText: false } scalar
                when double.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out double number) => JsonValue.Create(
                number
            ),
            ScalarNode scalar => JsonValue.Create(scalar.Text),
            _ => throw new InvalidOperationException(node.Kind),
        };

    private static bool Fits(JsonNode? value, JsonObject schema)
    {
        var complaints = new List<string>();
        Check(value, schema, "", complaints);
        return complaints.Count == 0;
    }

    /// <summary>The part of draft 2020-12 that the schema uses; an unknown keyword fails the test.</summary>
    private static void Check(JsonNode? value, JsonObject schema, string path, List<string> complaints)
    {
        bool isNumber = value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.Number;
        string? text =
            value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : null;
        void Require(bool holds, string? at = null)
        {
            if (!holds)
                complaints.Add(at ?? (path.Length == 0 ? "/" : path));
        }

        foreach ((string keyword, JsonNode? rule) in schema)
        {
            switch (keyword)
            {
                case "$schema" or "$defs" or "title" or "description" or "default" or "examples" or "then":
                    break;
                case "$ref":
                    Check(value, Schema["$defs"]![rule!.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), path, complaints);
                    break;
                case "type":
                    Require(
                        (rule is JsonArray types ? types.Select(t => t!.GetValue<string>()) : [rule!.GetValue<string>()]).Any(t =>
                            IsOfType(value, t)
                        )
                    );
                    break;
                case "enum":
                    Require(rule!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)));
                    break;
                case "const":
                    Require(JsonNode.DeepEquals(rule, value));
                    break;
                case "pattern":
                    Require(text is null || Regex.IsMatch(text, rule!.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)));
                    break;
                case "minimum":
                    Require(!isNumber || value!.GetValue<double>() >= rule!.GetValue<double>());
                    break;
                case "maximum":
                    Require(!isNumber || value!.GetValue<double>() <= rule!.GetValue<double>());
                    break;
                case "exclusiveMinimum":
                    Require(!isNumber || value!.GetValue<double>() > rule!.GetValue<double>());
                    break;
                case "minItems":
                    Require(value is not JsonArray items || items.Count >= rule!.GetValue<int>());
                    break;
                case "minProperties":
                    Require(value is not JsonObject entries || entries.Count >= rule!.GetValue<int>());
                    break;
                case "anyOf":
                    Require(rule!.AsArray().Any(option => Fits(value, option!.AsObject())));
                    break;
                case "allOf":
                    foreach (JsonNode? part in rule!.AsArray())
                        Check(value, part!.AsObject(), path, complaints);
                    break;
                case "if":
                    if (Fits(value, rule!.AsObject()))
                        Check(value, schema["then"]!.AsObject(), path, complaints);
                    break;
                case "required":
                    foreach (JsonNode? key in rule!.AsArray())
                        Require(value is not JsonObject o || o.ContainsKey(key!.GetValue<string>()));
                    break;
                case "items":
                    if (value is JsonArray list)
                        for (int i = 0; i < list.Count; i++)
                            Check(list[i], rule!.AsObject(), $"{path}/{i}", complaints);
                    break;
                case "properties":
                    foreach ((string key, JsonNode? property) in value as JsonObject ?? [])
                        if (rule![key] is JsonObject known)
                            Check(property, known, $"{path}/{key}", complaints);
                    break;
                case "additionalProperties":
                    foreach ((string key, JsonNode? property) in value as JsonObject ?? [])
                    {
                        if (schema["properties"]?[key] is not null)
                            continue;
                        if (rule is JsonObject other)
                            Check(property, other, $"{path}/{key}", complaints);
                        else
                            Require(false, $"{path}/{key}");
                    }

                    break;
                default:
                    Assert.Fail($"keyword {keyword}");
                    break;
            }
        }
    }

    private static bool IsOfType(JsonNode? value, string type) =>
        type switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "null" => value is null,
            "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
            "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
            "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
            "integer" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number && double.IsInteger(value.GetValue<double>()),
            _ => throw new InvalidOperationException(type),
        };
}
