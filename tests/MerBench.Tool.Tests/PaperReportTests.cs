using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>What papers take from a run: tables, figures, methods and bibliography, of two runs of different kind.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class PaperReportTests
{
    private const string Two = """
        name: two_kinds
        dataset: { use: cues, with: { clips: 60, seconds: 2 } }
        models:
          tiny_50%:
            use: vgg
            with: { head: bottleneck, width: 0.05 }
            train: { epochs: 2, learning-rate: 1e-3, concept-weight: 0.5, adversarial: { use: fgsm, every: 2, budget: { linf: 0.02 } } }
          ridge: ridge
        perturbations:
          pgd: { use: pgd, with: { steps: 2, momentum: 0.5 }, budgets: { linf: [0.01, 0.05] } }
          pitch: { use: pitch-shift, severities: [1, 4] }
        seeds: [1, 2]
        metrics: [mae, pearson]
        """;

    private const string One = """
        name: one
        dataset: { use: cues, with: { clips: 40, seconds: 2 } }
        excerpt: { seconds: 1, standardise-on: all, standardise-from: recordings }
        models: { ridge: ridge }
        perturbations: { noise: { use: noise, severities: [3] } }
        metrics: [mae]
        """;

    private readonly MerBenchTool _tool = new(report: true);

    [OneTimeSetUp]
    public async Task Run()
    {
        foreach ((string name, string yaml) in new[] { ("two_kinds", Two), ("one", One) })
        {
            BufferedCommandResult run = await _tool.Run("run", _tool.Write($"{name}.yaml", yaml), "-q");
            Assert.That(run.ExitCode, Is.Zero, run.StandardError);
            BufferedCommandResult report = await _tool.Run("report", $"merbench-results/{name}", "--format", "paper", "-o", name);
            Assert.That(report.ExitCode, Is.Zero, report.StandardError);
            Assert.That(report.StandardError, Is.Empty);
        }
    }

    [OneTimeTearDown]
    public void Remove() => _tool.Dispose();

    [Test]
    public void Methods_say_what_the_run_with_attacks_did()
    {
        string text = Read("two_kinds/methods.md");
        Assert.That(
            text,
            Does.Contain("`cues` [@eerola2013]").And.Contain("with 42 clips for training, 6 for validation and 12 for testing")
        );
        Assert.That(text, Does.Contain("Excerpts of 2 s were cut from the start").And.Contain("frames per second 31.3"));
        Assert.That(
            text,
            Does.Contain("`tiny_50%` was trained with Adam [@kingma2015] (learning rate 0.001, batches of 8)")
                .And.Contain("w = 0.5")
                .And.Contain("at most 2 epochs and ended after 50")
        );
        Assert.That(
            text,
            Does.Contain("trained adversarially in every 2nd epoch: batches were attacked by `fgsm` [@goodfellow2015]")
                .And.Contain("within an ℓ∞ ball of radius 0.02")
        );
        Assert.That(text, Does.Contain("`ridge` was fitted").And.Contain("Each model was trained 2 times, with seeds 1, 2."));
        Assert.That(
            text,
            Does.Contain(
                "`pgd` [@madry2018; @dong2018] (momentum 0.5, random start, restarts 1, step size 0.25, steps 2) maximised the mean "
                    + "squared error in the features within ℓ∞ balls of radius 0.01 and 0.05"
            )
        );
        Assert.That(
            text,
            Does.Contain("`pitch` is `pitch-shift` [@verhelst1993]")
                .And.Contain("severities 1 and 4 of 5")
                .And.Contain("its harm is no lack of robustness")
        );
        Assert.That(
            text,
            Does.Contain("over seeds and clips").And.Contain("crossed random effects [@clark1973]").And.Contain("Budgets were enforced")
        );
        Assert.That(text, Does.Not.Contain("TRADES").And.Not.Contain("loaded from weights").And.Not.Contain("failed and has"));
    }

    [Test]
    public void Methods_say_nothing_that_the_run_without_attacks_did_not_do()
    {
        string text = Read("one/methods.md");
        Assert.That(
            text,
            Does.Contain("`noise` [@timmer1995] (color white) was applied to waveforms, at severity 3 of 5")
                .And.Contain("trained once (seed 1)")
                .And.Contain("over clips, drawn anew")
        );
        Assert.That(
            text,
            Does.Not.Contain("Adam")
                .And.Not.Contain("epoch")
                .And.Not.Contain("udget")
                .And.Not.Contain("ttack")
                .And.Not.Contain("over seeds")
                .And.Not.Contain("Holm")
                .And.Not.Contain("compared")
                .And.Not.Contain("succeeded")
        );
    }

    [TestCase("two_kinds", "over the training clips")]
    [TestCase("one", "over the full recordings of all clips, test clips included")]
    public void Methods_say_by_what_features_were_standardised(string run, string over)
    {
        JsonNode dataset = JsonNode.Parse(Read($"merbench-results/{run}/results.json"))!["dataset"]!;
        string numbers = FormattableString.Invariant(
            $"({dataset["featureMean"]!.GetValue<double>():0.00000} and {dataset["featureStandardDeviation"]!.GetValue<double>():0.00000})"
        );
        Assert.That(Read($"{run}/methods.md"), Does.Contain($"standardised by mean and standard deviation {numbers} {over}"));
    }

    [Test]
    public async Task Loaded_weights_get_no_training_text()
    {
        string folder = _tool.PathOf("merbench-results/loaded");
        Directory.CreateDirectory(folder);
        // Without the manifest, by which changed results are refused.
        foreach (
            string file in Directory
                .GetFiles(_tool.PathOf("merbench-results/two_kinds"))
                .Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal))
        )
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        JsonNode results = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "results.json")))!;
        foreach (JsonNode? model in results["models"]!.AsArray())
            model!["training"] = null;
        foreach ((_, JsonNode? specification) in results["specifications"]!.AsObject().Where(s => (string?)s.Value!["kind"] == "model"))
        {
            specification!["train"] = null;
            specification["weights"] = new string('a', 64);
            specification.AsObject().Remove("adversarial");
        }

        File.WriteAllText(Path.Combine(folder, "results.json"), results.ToJsonString());
        BufferedCommandResult report = await _tool.Run("report", folder, "--format", "methods", "-o", "loaded.md");
        Assert.That(report.ExitCode, Is.Zero, report.StandardError);
        string text = Read("loaded.md");
        Assert.That(text, Does.Contain("`tiny_50%` and `ridge` were loaded from weights and not trained here"));
        Assert.That(
            text,
            Does.Not.Contain("Adam")
                .And.Not.Contain("epoch")
                .And.Not.Contain("were trained")
                .And.Not.Contain("was trained")
                .And.Not.Contain("fitted")
        );
    }

    // Every key that is cited stands in the bibliography, and nothing else but what the run used.
    [TestCase("two_kinds", "dong2018", "carlini2017")]
    [TestCase("one", "timmer1995", "madry2018")]
    public void The_bibliography_holds_what_the_methods_cite(string run, string there, string absent)
    {
        string bibliography = Read($"{run}/references.bib");
        string[] keys = [.. CitationTests.Entry().Matches(bibliography).Select(m => m.Groups["key"].Value)];
        string[] cited = [.. Cite().Matches(Read($"{run}/methods.tex")).SelectMany(m => m.Groups["keys"].Value.Split(','))];
        Assert.That(cited, Is.Not.Empty.And.SubsetOf(keys));
        Assert.That(keys, Does.Contain(there).And.Contain("merbench").And.Not.Contain(absent).And.Unique);
        Assert.That(bibliography.All(char.IsAscii));
    }

    [Test]
    public void Tables_hold_the_numbers_of_the_results_and_mark_what_listeners_would_feel()
    {
        string latex = Read("two_kinds/tables.tex"),
            markdown = Read("two_kinds/tables.md");
        JsonNode row = _tool.Results("two_kinds")["statistics"]!
            .AsArray()
            .First(s => (string?)s!["perturbation"] == "pgd" && (string?)s["strength"] == "linf 0.05")!["means"]!
            .AsArray()
            .First(m => (string?)m!["measure"] == "harm" && (string?)m["system"] == "ridge")!;
        string harm =
            $"{(double)row["mean"]!:0.000} [{(double)row["bootstrap"]!["low"]!:0.000}, {(double)row["bootstrap"]!["high"]!:0.000}]";
        Assert.That(
            latex,
            Does.Contain(harm)
                .And.Contain("tiny\\_50\\%")
                .And.Contain("pitch {\\textdaggerdbl}")
                .And.Contain("\\label{tab:two-kinds-robustness}")
        );
        Assert.That(markdown, Does.Contain(harm).And.Contain("tiny_50%").And.Contain("pitch ‡"));
    }

    [Test]
    public async Task Figures_are_as_wide_as_asked()
    {
        BufferedCommandResult report = await _tool.Run(
            "report",
            "merbench-results/two_kinds",
            "--format",
            "figures",
            "--columns",
            "two",
            "-o",
            "wide",
            "--json"
        );
        Assert.That(report.ExitCode, Is.Zero, report.StandardError);
        string[] names = [.. JsonNode.Parse(report.StandardOutput)!.AsArray().Select(f => Path.GetFileName((string)f!["path"]!))];
        Assert.That(
            names,
            Is.SupersetOf(
                new[] { "harm-pgd.pdf", "ratings-pgd.svg", "budget-pgd-linf.png", "severities.pdf", "emotions.pdf", "concepts.pdf" }
            )
        );
        Assert.That(PageWidth("wide/budget-pgd-linf.pdf"), Is.EqualTo("504"));
        Assert.That(PageWidth("two_kinds/figures/budget-pgd-linf.pdf"), Is.EqualTo("234"));
        Assert.That(
            File.ReadAllText(_tool.PathOf("wide/severities.pdf"), System.Text.Encoding.Latin1),
            Does.Contain("/FontFile2"),
            "fonts are embedded"
        );
    }

    // The document of docs/papers.md.
    [TestCase("two_kinds")]
    [TestCase("one")]
    public async Task LaTeX_compiles_all_of_it(string run)
    {
        string document = LatexBlock()
            .Match(File.ReadAllText(Path.Combine(MerBenchTool.Repository, "docs", "papers.md")))
            .Groups["text"]
            .Value;
        _tool.Write($"{run}/main.tex", document);
        try
        {
            foreach (
                string command in new[]
                {
                    "pdflatex -halt-on-error -interaction=nonstopmode main",
                    "bibtex main",
                    "pdflatex -halt-on-error -interaction=nonstopmode main",
                    "pdflatex -halt-on-error -interaction=nonstopmode main",
                }
            )
            {
                BufferedCommandResult result = await Cli.Wrap(command.Split(' ')[0])
                    .WithArguments(command.Split(' ')[1..])
                    .WithWorkingDirectory(_tool.PathOf(run))
                    .WithValidation(CommandResultValidation.None)
                    .ExecuteBufferedAsync();
                Assert.That(result.ExitCode, Is.Zero, result.StandardOutput);
                if (command.StartsWith("bibtex", StringComparison.Ordinal))
                    Assert.That(result.StandardOutput, Does.Not.Contain("Warning"));
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("pdflatex is not installed.");
        }

        string log = Read($"{run}/main.log");
        Assert.That(log, Does.Not.Contain("undefined").And.Not.Contain("Overfull \\hbox (1").And.Not.Contain("Missing character"));
    }

    private string Read(string name) => File.ReadAllText(_tool.PathOf(name));

    private string PageWidth(string pdf) =>
        MediaBox().Match(File.ReadAllText(_tool.PathOf(pdf), System.Text.Encoding.Latin1)).Groups["width"].Value;

    [GeneratedRegex(@"\\cite\{(?<keys>[^}]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Cite();

    [GeneratedRegex(@"/MediaBox \[0 0 (?<width>[0-9.]+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MediaBox();

    [GeneratedRegex(
        "^```latex\n(?<text>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LatexBlock();
}
