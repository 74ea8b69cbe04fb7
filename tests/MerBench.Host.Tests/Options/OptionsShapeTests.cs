using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Options;
using MerBench.Host.Text;
using MerBench.Host.Yaml;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace MerBench.Host.Tests.Options;

public sealed class OptionsShapeTests
{
    public enum Colour
    {
        Red,
        DarkBlue,
    }

    public sealed record Inner([Range(0, 1)] double Share = 0.5, string? Note = null);

    public sealed record Everything(
        string Text,
        bool Flag = true,
        int Whole = -1,
        long Large = 1L << 40,
        float Single = 0.5f,
        double Number = 1e-9,
        Colour Colour = Colour.DarkBlue,
        TimeSpan Time = default,
        int? MaybeWhole = null,
        Colour? MaybeColour = Colour.Red,
        string? MaybeText = null,
        Inner? MaybeInner = null,
        [Range(1, 9)] int[]? Array = null,
        IReadOnlyList<string>? List = null,
        IReadOnlyDictionary<string, double>? Map = null,
        IReadOnlyList<Inner>? Inners = null,
        [FilePath] string? File = null,
        [DirectoryPath] string? Folder = null
    );

    public sealed record WithNested(Inner Inner);

    public sealed record Ordered(double Low = 0, double High = 1) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Low > High)
                yield return new ValidationResult("low is above high", [nameof(Low)]);
        }
    }

    public sealed record Refusing
    {
        public Refusing(int Value = 0)
        {
            this.Value = Value;
            if (Value == 13)
                throw new PluginUserException("13 brings bad luck");
        }

        public int Value { get; }
    }

    private static (object? Value, string[] Problems) Bind(Type type, string yaml, string folder = "/base")
    {
        var problems = new List<BenchmarkProblem>();
        Node node = YamlLoader.Load(yaml, "f", _ => null, problems)!;
        object? value = OptionsShape.Find(type).Bind(node, new BindingContext(folder, problems));
        return (value, [.. problems.Select(p => p.ToString())]);
    }

    [Test]
    public void Every_supported_type_binds()
    {
        (object? value, string[] problems) = Bind(
            typeof(Everything),
            """
            { text: 5, flag: false, whole: +7, large: 9000000000, single: 1.5, number: 5e-4, colour: red, time: 1m30s, maybe-whole: 3, maybe-colour: ~,
              maybe-text: "a b", maybe-inner: { share: 1 }, array: [1, 2], list: [x, ""], map: { z: 1, a: 2 }, inners: [{}, { note: n }] }
            """
        );
        Assert.That(problems, Is.Empty);
        var e = (Everything)value!;
        Assert.Multiple(() =>
        {
            Assert.That(
                e with
                {
                    Array = null,
                    List = null,
                    Map = null,
                    Inners = null,
                },
                Is.EqualTo(
                    new Everything(
                        "5",
                        false,
                        7,
                        9_000_000_000,
                        1.5f,
                        5e-4,
                        Colour.Red,
                        TimeSpan.FromSeconds(90),
                        3,
                        null,
                        "a b",
                        new Inner(1)
                    )
                )
            );
            Assert.That(e.Array, Is.EqualTo(new[] { 1, 2 }));
            Assert.That(e.List, Is.EqualTo(new[] { "x", "" }));
            Assert.That(e.Map, Is.EquivalentTo(new Dictionary<string, double>(StringComparer.Ordinal) { ["z"] = 1, ["a"] = 2 }));
            Assert.That(e.Inners, Is.EqualTo(new[] { new Inner(), new Inner(Note: "n") }));
        });
    }

    [Test]
    public void Canonical_JSON_has_sorted_kebab_case_keys_all_defaults_and_contents_of_files()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "f.txt"), "abc");
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        (object? value, string[] problems) = Bind(
            typeof(Everything),
            "{ text: t, file: f.txt, folder: ./sub/, map: { b: 1, a: 2 } }",
            folder
        );
        string json = OptionsShape.Find(typeof(Everything)).CanonicalJson(value!, folder);
        Directory.Delete(folder, recursive: true);
        Assert.That(problems, Is.Empty);
        Assert.That(
            json,
            Is.EqualTo(
                """
                {"array":null,"colour":"dark-blue","file":"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "flag":true,"folder":"sub","inners":null,"large":1099511627776,"list":null,"map":{"a":2,"b":1},
                "maybe-colour":"red","maybe-inner":null,"maybe-text":null,"maybe-whole":null,
                "number":1E-09,"single":0.5,"text":"t","time":"0s","whole":-1}
                """.ReplaceLineEndings("")
            )
        );
    }

    public sealed record OfFolder([DirectoryPath(Files = "*.wav")] string Folder);

    [Test]
    public void Of_a_folder_whose_files_count_canonical_JSON_has_their_names_and_contents_and_not_its_path()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string Of(string name)
        {
            (object? value, string[] problems) = Bind(typeof(OfFolder), $"{{ folder: {name} }}", folder);
            Assert.That(problems, Is.Empty);
            return OptionsShape.Find(typeof(OfFolder)).CanonicalJson(value!, folder);
        }

        foreach (string room in new[] { "one/a", "other/a" })
        {
            Directory.CreateDirectory(Path.Combine(folder, room));
            File.WriteAllText(Path.Combine(folder, room, "x.WAV"), "abc");
        }

        string before = Of("one");
        Assert.That(Of("other"), Is.EqualTo(before).And.Contain("sha256:"));
        File.WriteAllText(Path.Combine(folder, "other", "notes.txt"), "of no account");
        Assert.That(Of("other"), Is.EqualTo(before));
        File.WriteAllText(Path.Combine(folder, "other", "y.wav"), "abc");
        Assert.That(Of("other"), Is.Not.EqualTo(before));
        File.Move(Path.Combine(folder, "other", "y.wav"), Path.Combine(folder, "one", "z.wav"));
        Assert.That(Of("one"), Is.Not.EqualTo(before).And.Not.EqualTo(Of("other")));
        Directory.CreateDirectory(Path.Combine(folder, "empty"));
        (_, string[] complaints) = Bind(typeof(OfFolder), "{ folder: empty }", folder);
        Assert.That(complaints.Single(), Does.StartWith("f:1:11: 'folder': folder 'empty' holds no *.wav"));
        Directory.Delete(folder, recursive: true);
    }

    [TestCase(
        typeof(Everything),
        "{ text: t, array: [0, 10] }",
        "f:1:20: 'array': expected a whole number from 1 to 9, found '0'",
        "f:1:23: 'array': expected a whole number from 1 to 9, found '10'"
    )]
    [TestCase(typeof(Everything), "{ text: t, flag: yes }", "f:1:18: 'flag': expected true or false, found 'yes'; did you mean 'true'?")]
    [TestCase(typeof(Everything), "{ text: t, whole: 1.0 }", "f:1:19: 'whole': expected a whole number, found '1.0'; write 1")]
    [TestCase(typeof(Everything), "{ text: t, whole: 3000000000 }", "f:1:19: 'whole': expected a whole number, found '3000000000'")]
    [TestCase(typeof(Everything), "{ text: t, number: .nan }", "f:1:20: 'number': expected a number, finite, found '.nan'")]
    [TestCase(typeof(Everything), "{ text: t, number: NaN }", "f:1:20: 'number': expected a number, finite, found 'NaN'")]
    [TestCase(typeof(Everything), "{ text: t, single: 1e300 }", "f:1:20: 'single': expected a number, found '1e300'")]
    [TestCase(typeof(Everything), "{ text: t, map: { k: x } }", "f:1:22: 'map.k': expected a number, found 'x'")]
    [TestCase(typeof(Everything), "{ text: t, maybe-inner: { shar: 1 } }", "f:1:27: unknown key 'shar'; did you mean 'share'?")]
    [TestCase(typeof(Everything), "{ text: t, MaybeText: x }", "f:1:12: unknown key 'MaybeText'; did you mean 'maybe-text'?")]
    [TestCase(typeof(Everything), "{ text: ~ }", "f:1:9: 'text': expected text, found nothing")]
    [TestCase(typeof(Everything), "{}", "f:1:1: missing key 'text'; expected text")]
    [TestCase(typeof(Ordered), "{ low: 2 }", "f:1:8: low is above high")]
    [TestCase(typeof(Refusing), "{ value: 13 }", "f:1:1: these options are refused: 13 brings bad luck")]
    public void What_does_not_fit_is_reported_at_its_place(Type type, string yaml, params string[] expected)
    {
        (object? value, string[] problems) = Bind(type, yaml);
        Assert.That(value, Is.Null);
        Assert.That(problems, Is.EqualTo(expected));
    }

    [Test]
    public void A_nested_record_that_needs_nothing_may_be_left_out() =>
        Assert.That(Bind(typeof(WithNested), "{}").Value, Is.EqualTo(new WithNested(new Inner())));

    public sealed record Looping(Looping? Next = null, int Depth = 0);

    public sealed record OfObject(object? Anything = null);

    public sealed record OfDictionary(Dictionary<int, string> Map);

    public sealed record OutOfRange([Range(1, 5)] int Count = 0);

    public sealed record TextInRange([Range(1, 5)] string Text = "");

    public sealed record PathOfNumber([FilePath] int Path = 0);

    public sealed class NoProperty(int value)
    {
        public int Twice() => 2 * value;
    }

    public sealed class TwoConstructors
    {
        public TwoConstructors() { }

        public TwoConstructors(int value) => Value = value;

        public int Value { get; }
    }

    [BindProperties]
    public sealed record OfProperties(SourceLocation At, int Size = 2)
    {
        [Required]
        public string? Name { get; init; }

        [Range(1, 5)]
        public int? Count { get; init; }

        public IReadOnlyList<Inner>? Inners { get; init; }

        public string Both => $"{Name} {Count}";
    }

    [BindProperties]
    public sealed record OfSureProperty
    {
        public int Count { get; init; }
    }

    [Test]
    public void Properties_are_keys_of_records_that_ask_for_it()
    {
        Assert.That(
            OptionsShape.Find(typeof(OfProperties)).Members.Select(m => m.Key),
            Is.EqualTo(new[] { "size", "name", "count", "inners" })
        );
        (object? value, string[] problems) = Bind(typeof(OfProperties), "{ count: 3, name: n }");
        Assert.That(problems, Is.Empty);
        Assert.That(value, Is.EqualTo(new OfProperties(new SourceLocation("f", 1, 1)) { Name = "n", Count = 3 }));
        Assert.That(
            Bind(typeof(OfProperties), "{ count: 6, both: b }").Problems,
            Has.Exactly(1).Contains("'count'").And.Exactly(1).Contains("unknown key 'both'").And.Exactly(1).Contains("missing key 'name'")
        );
    }

    [TestCase(typeof(Looping), "contains itself")]
    [TestCase(typeof(OfSureProperty), "property 'Count' of options type OfSureProperty must be nullable")]
    [TestCase(
        typeof(OfObject),
        "parameter 'Anything' of options type OfObject has the type Object, which YAML cannot be bound to; supported are bool"
    )]
    [TestCase(typeof(OfDictionary), "parameter 'Map' of options type OfDictionary has the type Dictionary`2")]
    [TestCase(typeof(OutOfRange), "the default of parameter 'Count' of options type OutOfRange breaks its own rule: it is not from 1 to 5")]
    [TestCase(typeof(TextInRange), "has [Range], which fits numbers and durations only")]
    [TestCase(typeof(PathOfNumber), "is marked as a path, and must be a string")]
    [TestCase(typeof(NoProperty), "has no public property of the same name")]
    [TestCase(typeof(TwoConstructors), "has 2 public constructors; it must have exactly one")]
    [TestCase(typeof(IDisposable), "must be a record")]
    [TestCase(typeof(List<>), "must be a record")]
    public void A_type_that_cannot_be_bound_is_refused_with_the_reason(Type type, string reason)
    {
        Assert.That(OptionsShape.TryCreate(type, out OptionsShape? shape, out string? why), Is.False);
        Assert.That(shape, Is.Null);
        Assert.That(why, Does.Contain(reason));
    }
}
