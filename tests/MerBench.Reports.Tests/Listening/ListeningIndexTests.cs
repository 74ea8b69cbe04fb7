using MerBench.Host;
using MerBench.Reports.Listening;
using MerBench.Tests.Data;

namespace MerBench.Tests.Listening;

/// <summary>An index that came with a results folder of somebody else: pages embed the files that it names.</summary>
public sealed class ListeningIndexTests
{
    private const string Index = """
        {
          "schema": 1, "benchmark": "b", "sampleRate": 22050, "format": "wav", "levels": "", "leftOut": [],
          "examples": [
            {
              "name": "n", "cell": "c", "cellKey": "k", "model": "m", "perturbation": "p", "strength": "s", "seed": 1, "clip": "x",
              "domain": "waveform", "kind": "waveform", "failed": false, "labelPreserving": true, "harm": 0.1,
              "rating": { "joy": 0.5 }, "clean": { "joy": 0.5 }, "perturbed": { "joy": 0.6 },
              "gainsDb": { "clean": 0, "perturbed": 0, "difference": 0 },
              "audio": { "clean": "n.clean.wav", "perturbed": "n.perturbed.wav", "difference": "n.difference.wav" },
              "spectrograms": { "clean": "n.clean.png", "perturbed": "n.perturbed.png", "difference": "n.difference.png" },
              "notes": []
            }
          ]
        }
        """;

    [Test]
    public void Files_beside_it_are_named() => Assert.That(Read(Index)!.Examples.Single().Audio.Clean, Is.EqualTo("n.clean.wav"));

    [TestCase("n.clean.wav", "/etc/passwd")]
    [TestCase("n.difference.wav", "../../results.json")]
    [TestCase("n.perturbed.png", "..")]
    [TestCase("n.clean.png", "..\\\\secret.png")]
    [TestCase("n.clean.png", "")]
    public void Files_elsewhere_are_not_read_for_it(string name, string elsewhere) =>
        Assert.That(
            Assert.Throws<UserErrorException>(() => Read(Index.Replace(name, elsewhere, StringComparison.Ordinal)))!.Message,
            Does.Contain("index.json cannot be read: ").And.Contain("is no name of a file beside it")
        );

    [TestCase("\"examples\": [", "\"examples\": [ null, ", "nothing stands at $.examples[0]")]
    [TestCase("\"notes\": []", "\"notes\": null", "notes")]
    [TestCase("\"cell\": \"c\",", "", "cell")]
    public void What_is_missing_is_told(string whole, string damaged, string reason) =>
        Assert.That(
            Assert.Throws<UserErrorException>(() => Read(Index.Replace(whole, damaged, StringComparison.Ordinal)))!.Message,
            Does.Contain("index.json cannot be read: ").And.Contain(reason)
        );

    private static ListeningIndex? Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(ListeningIndex.File), json);
        return ListeningIndex.Read(folder.Path);
    }
}
