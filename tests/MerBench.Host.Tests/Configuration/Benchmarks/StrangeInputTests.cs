using System.Diagnostics;
using System.Text;
using MerBench.Host.Configuration.Reading;

namespace MerBench.Host.Tests.Benchmarks;

/// <summary>What tools have read silently as something else, or tried to hold in memory.</summary>
public sealed class StrangeInputTests
{
    private const string Budgets = "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: pgd, budgets: { linf: [X] } } }";

    [TestCase("0,03", "3:53", "found '03'", "write 3, or 0.03 if a decimal comma stands before it")]
    [TestCase("010", "3:51", "found '010'", "write 10, 8 if it is octal, or 0.010")]
    [TestCase("-09", "3:51", "found '-09'", "write -9, or 0.09")]
    [TestCase("00.5", "3:51", "found '00.5'", "write 0.5")]
    [TestCase("0x1F", "3:51", "found '0x1F'", "write 31")]
    [TestCase("0o17", "3:51", "found '0o17'", "write 15")]
    [TestCase("0b101", "3:51", "found '0b101'", "write 5")]
    [TestCase("1_000", "3:51", "found '1_000'", "write 1000")]
    [TestCase("1:30", "3:51", "found '1:30'", "some readers of YAML take it for 90")]
    [TestCase("1e-400", "3:51", "found '1e-400'", "")]
    [TestCase("1e400", "3:51", "finite, found '1e400'", "")]
    [TestCase("-.inf", "3:51", "finite, found '-.inf'", "")]
    [TestCase("\"0.5\"", "3:51", "found the text \"0.5\"", "leave out the quotes")]
    [TestCase("٣", "3:51", "found '٣'", "")]
    [TestCase("0,5", "3:51", "the budgets 0 and 5 stand here", "write a decimal point, or a space behind the comma")]
    public void A_number_that_readers_of_YAML_read_differently_is_refused_at_its_place(string number, string at, string found, string hint)
    {
        string[] problems = Fixtures.ProblemsOf(Budgets.Replace("X", number, StringComparison.Ordinal));
        Assert.That(problems, Has.Length.EqualTo(1));
        Assert.That(problems[0], Does.StartWith(at).And.Contains(found).And.Contains(hint));
    }

    [TestCase("0.03", 0.03)]
    [TestCase(".5", 0.5)]
    [TestCase("5.", 5)]
    [TestCase("+3", 3)]
    [TestCase("1e3", 1000)]
    [TestCase("5e-4", 5e-4)]
    [TestCase("0", 0)]
    [TestCase("0e0", 0)]
    public void A_number_that_nobody_reads_as_another_one_is_taken(string number, double value) =>
        Assert.That(
            Fixtures.Read(Budgets.Replace("X", number, StringComparison.Ordinal)).DefinitionOrThrow().Perturbations[0].Budgets[0].Size,
            Is.EqualTo(value)
        );

    [TestCase("seeds: [010]", "write 10, 8 if it is octal")]
    [TestCase("seeds: [1e3]", "write 1000")]
    [TestCase("seeds: [1_000]", "write 1000")]
    [TestCase("seeds: [0x10]", "write 16")]
    [TestCase("evaluation: { cell-timeout: 90 }", "write 90s")]
    public void Whole_numbers_and_durations_are_held_to_the_same(string key, string hint) =>
        Assert.That(Fixtures.ProblemsOf($"{BenchmarkReaderTests.Smallest}\n{key}").Single(), Does.Contain(hint));

    [TestCase("name: ../../escaped", "4:7: the benchmark's name is '../../escaped', which leads to another folder")]
    [TestCase("name: /tmp/x", "4:7: the benchmark's name is '/tmp/x', which leads to another folder")]
    [TestCase("name: ..", "which leads to another folder")]
    [TestCase("name: ' '", "4:7: the benchmark's name is blank")]
    [TestCase("name: ' x'", "begins or ends with a space")]
    [TestCase("name: x.", "ends with a dot")]
    [TestCase("name: nul.txt", "which Windows keeps for devices")]
    [TestCase("name: \"a\\u0000b\"", "holds the character U+0000")]
    [TestCase("name: \"a\\e[31mb\"", "holds the character U+001B")]
    [TestCase("name: \"a\\u202eb\"", "holds the character U+202E")]
    [TestCase("threat-model: { name: 'a/b' }", "4:23: the threat model's name is 'a/b'")]
    public void A_name_that_is_no_folder_is_refused(string line, string problem) =>
        Assert.That(Fixtures.ProblemsOf($"{BenchmarkReaderTests.Smallest}\n{line}").Single(), Does.Contain(problem));

    [Test]
    public void Names_of_models_and_perturbations_are_held_to_the_same()
    {
        string[] problems = Fixtures.ProblemsOf(
            $$"""
            dataset: cues
            models: { '': vgg, a: vgg, A: ridge, é: vgg, É: vgg }
            perturbations: { 'x/y': pgd, {{new string('p', 300)}}: pgd, {{new string('楽', 80)}}: pgd }
            """
        );
        Assert.That(
            problems.Select(p => p.Split("; ")[0]),
            Is.EqualTo(
                new[]
                {
                    "2:11: the name of a model is blank",
                    "2:28: the model 'A' differs from 'a' in line 2 by case alone, and some disks make one file of both",
                    "2:46: the model 'É' differs from 'é' in line 2 by case alone, and some disks make one file of both",
                    "3:18: the name of a perturbation is 'x/y', which leads to another folder",
                    "3:30: the name of a perturbation is 300 characters long, and at most 80 are possible",
                    "3:337: the name of a perturbation takes 240 bytes in UTF-8, and at most 200 are possible",
                }
            )
        );
    }

    [Test]
    public void A_model_that_reads_waveforms_is_not_fed_features()
    {
        const string Models = "dataset: cues\nmodels: { a: vgg, w: { use: listener, with: { input: waveform } } }\n";
        Assert.That(
            Fixtures.ProblemsOf(Models + "perturbations: { p: { use: pgd, domain: features }, q: { use: noise }, r: pgd }"),
            Is.EqualTo(
                new[]
                {
                    "3:21: 'p' perturbs features, and model 'w' reads waveforms; write 'domain: waveform', or leave the pair out under "
                        + "'matrix: exclude'",
                    "3:56: 'q' perturbs features, and model 'w' reads waveforms; leave the pair out under 'matrix: exclude'",
                }
            )
        );
        Assert.That(
            Fixtures.ProblemsOf(
                Models + "perturbations: { p: { use: pgd, domain: features } }\nmatrix: { exclude: [{ model: w, perturbation: p }] }"
            ),
            Is.Empty
        );
    }

    [Test]
    public void A_matrix_that_no_memory_holds_is_refused_by_its_count_at_once()
    {
        string sizes = string.Join(", ", Enumerable.Range(1, 10_000)),
            models = string.Join(", ", Enumerable.Range(1, 20).Select(i => $"m{i}: ridge"));
        var watch = Stopwatch.StartNew();
        string[] problems = Fixtures.ProblemsOf(
            $$"""
            dataset: cues
            models: { {{models}} }
            perturbations: { p: { use: pgd, budgets: { linf: [{{sizes}}] } } }
            seeds: [{{string.Join(", ", Enumerable.Range(1, 1000))}}]
            """
        );
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(problems.Single(), Does.Contain("the matrix has 200 000 000 cells before any is excluded"));
    }

    [Test]
    public void Aliases_that_stand_for_billions_of_values_are_refused()
    {
        IEnumerable<string> lines = Enumerable
            .Range(1, 12)
            .Select(i => $"x{i}: &x{i} [{string.Join(", ", Enumerable.Repeat($"*x{i - 1}", 10))}]")
            .Prepend("x0: &x0 1");
        Assert.That(Fixtures.ProblemsOf(string.Join('\n', lines)).Single(), Does.Contain("more than 500 000 values"));
    }

    [Test]
    public void A_zero_byte_does_not_end_the_file() =>
        Assert.That(
            Fixtures.ProblemsOf("dataset: cues\nmodels: { a: vgg }\nperturbations: { p: pgd }\n\0\nno-such-key: 1").Single(),
            Does.StartWith("4:1: the character U+0000 stands here")
        );

    [TestCase("!!binary aGVsbG8=")]
    [TestCase("!!null x")]
    [TestCase("!!timestamp 2026-01-01")]
    public void A_tag_that_says_something_else_than_text_is_refused(string value) =>
        Assert.That(Fixtures.ProblemsOf($"{BenchmarkReaderTests.Smallest}\nname: {value}").Single(), Does.Contain("means nothing here"));

    private static IEnumerable<TestCaseData> OtherFiles()
    {
        yield return new TestCaseData("PK\u0003\u0004"u8.ToArray(), "a zip archive");
        yield return new TestCaseData("<!DOCTYPE html><html>"u8.ToArray(), "a page of the web (HTML)");
        yield return new TestCaseData("version https://git-lfs.github.com/spec/v1\n"u8.ToArray(), "a Git LFS pointer");
        yield return new TestCaseData(Encoding.Unicode.GetBytes("dataset: cues"), "text in UTF-16 without the mark");
        yield return new TestCaseData(Encoding.Latin1.GetBytes("# f\u00fcr\ndataset: cues"), "no text in UTF-8");
        yield return new TestCaseData(new byte[100 << 20], "larger than 4 MB");
    }

    [TestCaseSource(nameof(OtherFiles))]
    public void A_file_that_is_no_benchmark_is_called_what_it_is(byte[] content, string problem)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, content);
        var reading = BenchmarkReader.Read(path, Fixtures.Catalog);
        File.Delete(path);
        Assert.That(reading.Problems.Select(p => p.ToString()), Has.One.Contains(problem));
    }

    [Test]
    public void A_file_in_UTF_16_with_its_mark_is_read()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, BenchmarkReaderTests.Smallest, Encoding.Unicode);
        var reading = BenchmarkReader.Read(path, Fixtures.Catalog);
        File.Delete(path);
        Assert.That(reading.Problems, Is.Empty);
    }

    [Test]
    public void Thousands_of_problems_are_cut_with_a_count()
    {
        BenchmarkReading reading = Fixtures.Read(
            $"{BenchmarkReaderTests.Smallest}\nseeds: [{string.Join(", ", Enumerable.Repeat("x", 5000))}]"
        );
        string message = Assert.Throws<UserErrorException>(() => reading.DefinitionOrThrow())!.Message;
        Assert.That(message.Split('\n'), Has.Length.EqualTo(51));
        Assert.That(message, Does.EndWith("here and below are 4 950 more problems"));
    }
}
