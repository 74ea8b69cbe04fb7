using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Options;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace MerBench.Host.Tests.Options;

/// <summary>What options say of themselves to people and editors.</summary>
public sealed class OptionsDescriptionTests
{
    [Test]
    public void The_training_recipe_describes_itself()
    {
        IReadOnlyList<OptionRow> rows = OptionsShape.Find(typeof(TrainEntry)).Describe();
        Assert.That(
            rows.Select(r => r.Key.Split('.')[0]).Distinct(),
            Is.EqualTo(OptionsShape.Find(typeof(TrainEntry)).Members.Select(m => m.Key))
        );
        Assert.That(rows, Does.Contain(new OptionRow("learning-rate", "number", "0.0005", "1E-09..10", "Adam's learning rate.")));
        Assert.That(rows.Select(r => r.Description), Has.None.Empty);
    }

    public sealed record Described(
        [System.ComponentModel.Description("A share.")] [Range(0, 1, MinimumIsExclusive = true)] double Share,
        [Range(0, double.PositiveInfinity)] double Size = 1,
        [AllowedValues("a", "b")] string Letter = "a",
        OptionsShapeTests.Colour[]? Colours = null,
        OptionsShapeTests.Inner? Inner = null,
        [FilePath] string? File = null,
        [Range(typeof(TimeSpan), "00:00:01", "00:01:00")] TimeSpan? Time = null
    );

    [Test]
    public void Rows_name_types_defaults_and_ranges() =>
        Assert.That(
            OptionsShape.Find(typeof(Described)).Describe(),
            Is.EqualTo(
                new OptionRow[]
                {
                    new("share", "number", "required", "> 0, <= 1", "A share."),
                    new("size", "number", "1", ">= 0", ""),
                    new("letter", "text", "a", "one of a, b", ""),
                    new("colours", "list of red|dark-blue", "none", "", ""),
                    new("inner.share", "number", "0.5", "0..1", ""),
                    new("inner.note", "text", "none", "", ""),
                    new("file", "file", "none", "", ""),
                    new("time", "duration", "none", "1..60 seconds", ""),
                }
            )
        );

    public sealed record WithMapping(IReadOnlyDictionary<string, OptionsShapeTests.Inner>? Many = null);

    [Test]
    public void A_mapping_to_records_has_the_rows_of_one_of_them() =>
        Assert.That(
            OptionsShape.Find(typeof(WithMapping)).Describe().Select(r => $"{r.Key}: {r.Type}, {r.Default}"),
            Is.EqualTo(new[] { "many: mapping to mapping, none", "many.*.share: number, 0.5", "many.*.note: text, none" })
        );

    [Test]
    public void The_schema_carries_types_ranges_defaults_and_descriptions()
    {
        JsonObject schema = OptionsShape.Find(typeof(Described)).Schema();
        Assert.Multiple(() =>
        {
            Assert.That(schema["required"]!.ToJsonString(), Is.EqualTo("""["share"]"""));
            Assert.That(schema["additionalProperties"]!.GetValue<bool>(), Is.False);
            Assert.That(schema["properties"]!["share"]!["description"]!.GetValue<string>(), Is.EqualTo("A share."));
            Assert.That(schema["properties"]!["share"]!["exclusiveMinimum"]!.GetValue<double>(), Is.Zero);
            Assert.That(schema["properties"]!["size"]!["default"]!.GetValue<double>(), Is.EqualTo(1));
            Assert.That(schema["properties"]!["size"]!["maximum"], Is.Null);
            Assert.That(
                schema["properties"]!["colours"]!["items"]!["anyOf"]![0]!["enum"]!.ToJsonString(),
                Is.EqualTo("""["red","dark-blue"]""")
            );
            Assert.That(schema["properties"]!["inner"]!["properties"]!["share"]!["maximum"]!.GetValue<double>(), Is.EqualTo(1));
        });
    }
}
