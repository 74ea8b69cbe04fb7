using System.Globalization;
using System.Text.Json.Nodes;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Tests.Data;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Results;

/// <summary>Results that came without the manifest that proves them whole, and were written or edited by somebody else.</summary>
public sealed class ResultsReaderTests
{
    private readonly TemporaryFolder _folder = new();
    private string _results = "",
        _whole = "";

    [OneTimeSetUp]
    public void RunOnce()
    {
        new SmallBenchmark(_folder.Path, _folder.File("store")).Run();
        _results = _folder.File("results");
        File.Delete(Path.Combine(_results, "manifest.json"));
        _whole = File.ReadAllText(Path.Combine(_results, RunFolder.ResultsFile));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Without_their_manifest_they_are_read_as_they_are() => Assert.That(Read(_whole).Cells, Has.Count.EqualTo(2));

    [TestCase("{}", ":1:3: it cannot be read: no results of a run stand at $.")]
    [TestCase("[]", "no results of a run stand at $")]
    [TestCase("null", "it is empty")]
    [TestCase("{", ":1:2: it cannot be read: ")]
    [TestCase("hello", ":1:1: it cannot be read: ")]
    public void What_is_no_object_of_results_is_refused_at_its_place(string text, string reason) =>
        Assert.That(
            Refusal(text),
            Does.StartWith(Path.Combine(_results, "results.json:")).And.Contains(reason).And.Not.Contains("MerBench.")
        );

    [TestCase("$", "cells", "x", "stand at $.cells")]
    [TestCase("$", "cells", null, "stand at $.cells")]
    [TestCase("$", "summary", "absent", "stand at $.")]
    [TestCase("$", "statistics", "[{}]", "stand at $.statistics[0].")]
    [TestCase("$", "cells", "[]", "it holds no cells")]
    [TestCase("$", "cells", "[null]", "nothing stands at $.cells[0].")]
    [TestCase("$", "models", "[null]", "nothing stands at $.models[0].")]
    [TestCase("$", "environment", "{}", "stand at $.environment.")]
    [TestCase("$.dataset", "emotions", "[\"none\"]", "lacks emotions of the dataset")]
    [TestCase("$.dataset", "emotions", "[null]", "nothing stands at $.dataset.emotions[0].")]
    [TestCase("$.cells[1]", "model", null, "stand at $.cells[1].model.")]
    [TestCase("$.cells[1]", "doubts", "absent", "stand at $.cells[1].")]
    [TestCase("$.cells[1]", "result", null, "has neither a result nor a reason why it failed")]
    [TestCase("$.cells[1].result", "metrics", null, "stand at $.cells[1].result.metrics.")]
    [TestCase("$.cells[1].result.metrics", "mae", null, "nothing stands at $.cells[1].result.metrics.mae.")]
    [TestCase("$.cells[1].result.metrics", "mae", "{}", "stand at $.cells[1].result.metrics.mae.")]
    [TestCase("$", "schema", "2", "of a newer version of MerBench (schema 2)")]
    public void What_is_missing_is_told_with_its_place(string at, string key, string? value, string reason)
    {
        JsonNode results = JsonNode.Parse(_whole)!;
        JsonObject parent = at.Split('.', '[')
            .Skip(1)
            .Aggregate(
                results,
                (node, step) => step.EndsWith(']') ? node[int.Parse(step[..^1], CultureInfo.InvariantCulture)]! : node[step]!
            )
            .AsObject();
        if (value == "absent")
            parent.Remove(key);
        else
            parent[key] = value switch
            {
                null => null,
                "x" => "x",
                _ => JsonNode.Parse(value),
            };
        Assert.That(Refusal(results.ToJsonString()), Does.Contain(reason).And.Contain("Run the benchmark again"));
    }

    private string Refusal(string text) => Assert.Throws<UserErrorException>(() => Read(text))!.Message;

    private RunResults Read(string text)
    {
        File.WriteAllText(Path.Combine(_results, RunFolder.ResultsFile), text);
        return RunFolder.Open(_results).ReadResults();
    }
}
