using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues.Tests;

/// <summary>docs/cues.md says what the code does.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] s_page = File.ReadAllLines(Path.Combine(MerBench.Tests.Repository.Root, "docs", "cues.md"));

    [Test]
    public void The_coefficients_are_those_of_the_code()
    {
        Assert.That(Table(EmotionModel.CueNames), Is.EqualTo(Rows(["fear", "happy", "sad", "tender"], EmotionModel.Coefficients)));
        Assert.That(
            Table(["constant", "fear", "happy", "sad", "tender"]),
            Is.EqualTo(Rows(["valence", "energy", "tension", "anger"], EmotionModel.Bridge))
        );
    }

    [Test]
    public void Every_concept_stands_there_with_its_definition()
    {
        string code = File.ReadAllText(
            Path.Combine(MerBench.Tests.Repository.Root, "plugins", "MerBench.Datasets.Cues", "Ratings", "ConceptModel.cs")
        );
        string[][] concepts = Cells("concept");
        Assert.That(concepts.Select(c => c[0]), Is.EqualTo(ConceptModel.Names));
        Assert.That(
            concepts.Select(c => c[1].Split('`')[1].Split(" (scary)")[0].Split(" (happy)")[0]),
            Is.All.Matches<string>(definition => code.Contains("<c>" + definition, StringComparison.Ordinal))
        );
    }

    [Test]
    public void The_definitions_give_the_numbers_of_the_code()
    {
        var design = new CueDesign(1);
        string[][] concepts = [.. Cells("concept").Where(c => c[0] != "dissonance")];
        Assert.That(concepts, Has.Length.EqualTo(ConceptModel.Names.Length - 1));
        for (int clip = 0; clip < 96; clip++)
        {
            Cue cue = design.CueOf(clip);
            Texture texture = design.TextureOf(clip, cue.Melody);
            double[] code = new CueClip(design, clip).Concepts();
            foreach (string[] concept in concepts)
            {
                double page = Math.Clamp(Evaluate(concept[1], cue, texture), 0, 1);
                Assert.That(
                    page,
                    Is.EqualTo(code[Array.IndexOf(ConceptModel.Names, concept[0])]).Within(1e-9),
                    $"{concept[0]} of clip {clip}"
                );
            }
        }
    }

    [Test]
    public void Options_stand_there_with_their_defaults()
    {
        ParameterInfo[] options = typeof(CuesOptions).GetConstructors().Single(c => c.GetParameters().Length > 1).GetParameters();
        string[] expected =
        [
            .. options.Select(o =>
                FormattableString
                    .Invariant($"`{Capital().Replace(o.Name!, "-$0").TrimStart('-')}` {o.DefaultValue ?? "all"}")
                    .ToLowerInvariant()
            ),
        ];
        Assert.That(Cells("option").Select(cells => string.Join(' ', cells)), Is.EqualTo(expected));
    }

    [Test]
    public void A_quarter_of_the_clips_have_an_expected_anger_below_1()
    {
        var design = new CueDesign(1);
        int anger = Array.IndexOf(EmotionModel.Names, "anger"),
            clips = new CuesOptions().Clips;
        int below = Enumerable.Range(0, clips).Count(clip => EmotionModel.Mean(design.CueOf(clip))[anger] < EmotionModel.Lowest);
        Assert.That(below / (double)clips, Is.EqualTo(0.25).Within(0.02));
        Assert.That(string.Join(' ', s_page), Does.Contain("a quarter of the clips have an expected anger below 1"));
    }

    /// <summary>The value of a definition: a sum of products, perhaps divided by a number, with the constant <c>m</c> listed after it by
    /// melody.</summary>
    private static double Evaluate(string definition, Cue cue, Texture texture)
    {
        string formula = definition.Split('`')[1];
        string[] quotient = formula.Split(" / ");
        double t = cue.RelativeTempo,
            sum = 0;
        foreach (Match term in Term().Matches(quotient.Length > 1 ? quotient[0].Trim('(', ')') : formula))
        {
            double factor = term.Groups["number"].Success ? double.Parse(term.Groups["number"].Value, CultureInfo.InvariantCulture) : 1;
            double value = term.Groups["name"].Value switch
            {
                "" => 1,
                "m" => Constant(definition, cue.Melody),
                "a" => cue.Articulation,
                "t" => t,
                "(1 - t)" => 1 - t,
                "minor" => cue.Minor ? 1 : 0,
                "(happy)" => cue.Melody == MelodyCharacter.Happy ? 1 : 0,
                "(scary)" => cue.Melody == MelodyCharacter.Scary ? 1 : 0,
                "syncopation" => texture.Syncopation,
                "unsteadiness" => texture.Unsteadiness,
                "clash" => texture.Clash,
                "chromaticism" => texture.Chromaticism,
                string name => throw new AssertionException($"docs/cues.md: '{name}' in '{formula}' is no parameter."),
            };
            sum += (term.Groups["sign"].Value == "-" ? -1 : 1) * factor * value;
        }

        return quotient.Length > 1 ? sum / double.Parse(quotient[1], CultureInfo.InvariantCulture) : sum;
    }

    private static double Constant(string definition, MelodyCharacter melody) =>
        double.Parse(
            Regex.Match(definition, $@"([\d.]+) {melody}", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)).Groups[1].Value,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(
        @"(?<sign>[+-])?\s*(?:(?<number>\d[\d.]*)\s*(?<name>\(1 - t\)|\(?[a-z]+\)?)?|(?<name>[a-z]+))",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Term();

    [GeneratedRegex("[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Capital();

    private static string[] Table(string[] header) => [.. Cells("", header).Select(cells => string.Join(' ', cells))];

    private static string[] Rows(string[] names, double[][] coefficients) =>
        [
            .. names.Zip(
                coefficients,
                (name, row) => $"{name} {string.Join(' ', row.Select(c => c.ToString("R", CultureInfo.InvariantCulture)))}"
            ),
        ];

    private static string[][] Cells(string corner, string[]? header = null)
    {
        int start = Array.FindIndex(
            s_page,
            l => l.StartsWith($"| {corner}", StringComparison.Ordinal) && (header is null || Split(l).Skip(1).SequenceEqual(header))
        );
        Assert.That(start, Is.GreaterThan(0), $"docs/cues.md has no table '{corner}'.");
        return [.. s_page.Skip(start + 2).TakeWhile(l => l.StartsWith('|')).Select(Split)];
    }

    private static string[] Split(string line) => [.. line.Trim('|').Split('|').Select(c => c.Trim())];
}
