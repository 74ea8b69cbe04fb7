using System.Globalization;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues.Tests;

/// <summary>docs/cues.md says what the code does.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] s_page = File.ReadAllLines(Path.Combine(MerBench.Tests.Repository.Root, "docs", "cues.md"));

    [Test]
    public void The_coefficients_are_those_of_the_code()
    {
        Assert.That(Table(EmotionModel.CueNames), Is.EqualTo(Rows(["fear", "happy", "sad", "tender"], EmotionModel.Coefficients)));
        Assert.That(Table(["constant", "fear", "happy", "sad", "tender"]), Is.EqualTo(Rows(["valence", "energy", "tension", "anger"], EmotionModel.Bridge)));
    }

    [Test]
    public void Every_concept_stands_there_with_its_definition()
    {
        string code = File.ReadAllText(Path.Combine(MerBench.Tests.Repository.Root, "plugins", "MerBench.Datasets.Cues", "Ratings", "ConceptModel.cs"));
        string[][] concepts = Cells("concept");
        Assert.That(concepts.Select(c => c[0]), Is.EqualTo(ConceptModel.Names));
        Assert.That(concepts.Select(c => c[1].Split('`')[1].Split(" (scary)")[0].Split(" (happy)")[0]), Is.All.Matches<string>(definition => code.Contains("<c>" + definition, StringComparison.Ordinal)));
    }

    private static string[] Table(string[] header) => [.. Cells("", header).Select(cells => string.Join(' ', cells))];

    private static string[] Rows(string[] names, double[][] coefficients) =>
        [.. names.Zip(coefficients, (name, row) => $"{name} {string.Join(' ', row.Select(c => c.ToString("R", CultureInfo.InvariantCulture)))}")];

    private static string[][] Cells(string corner, string[]? header = null)
    {
        int start = Array.FindIndex(s_page, l => l.StartsWith($"| {corner}", StringComparison.Ordinal) && (header is null || Split(l).Skip(1).SequenceEqual(header)));
        Assert.That(start, Is.GreaterThan(0), $"docs/cues.md has no table '{corner}'.");
        return [.. s_page.Skip(start + 2).TakeWhile(l => l.StartsWith('|')).Select(Split)];
    }

    private static string[] Split(string line) => [.. line.Trim('|').Split('|').Select(c => c.Trim())];
}
