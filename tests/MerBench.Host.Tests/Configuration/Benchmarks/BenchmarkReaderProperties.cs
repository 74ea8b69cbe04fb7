using System.Globalization;
using System.Text;
using CsCheck;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Reading;

namespace MerBench.Host.Tests.Benchmarks;

public sealed class BenchmarkReaderProperties
{
    private sealed record Model(string Name, NetOptions Net, TrainRecipe Train);

    private sealed record Perturbation(string Name, StepOptions Steps, double[] Linf, double[] Snr, int[]? Severities, Domain Domain);

    private sealed record Written(string Name, Model[] Models, Perturbation[] Perturbations, int[] Seeds, TimeSpan Timeout, bool Flow);

    // Names may be anything visible that a double-quoted scalar can carry and a file system takes, variables escaped.
    private static readonly Gen<string> GenName = Gen.Char["abcXYZ019 -_:#'\"{}[],&*!|>%@`~?$=é音"]
        .Array[1, 12]
        .Select(c => new string(c))
        .Where(s => !s.Contains("${", StringComparison.Ordinal) && s.Trim() == s && s.Length > 0);

    private static readonly Gen<Model> GenModel = Gen.Select(
        GenName,
        Gen.Enum<Head>(),
        Gen.Double[0.1, 4],
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 4096], Gen.Double[1e-9, 10], Gen.Double[0, 1]),
        (name, head, width, t) =>
            new Model(name, new NetOptions(head, width), new TrainRecipe(t.Item1, t.Item2, t.Item3, ConceptWeight: t.Item4))
    );

    private static readonly Gen<Perturbation> GenPerturbation = Gen.Select(
        GenName,
        Gen.Select(Gen.Int[1, 100_000], Gen.Double[-1e300, 1e300], Gen.Int[1, 100], (a, b, c) => new StepOptions(a, b, c)),
        Gen.Double[0, 1e6].ArrayUnique[0, 4],
        Gen.Double[-50, 100].ArrayUnique[0, 3],
        Gen.Int[1, 5].ArrayUnique[1, 5].Null(),
        Gen.Enum<Domain>(),
        (name, steps, linf, snr, severities, domain) => new Perturbation(name, steps, linf, snr, severities, domain)
    );

    private static readonly Gen<Written> GenFile = Gen.Select(
        GenName,
        GenModel.Array[1, 4].Where(m => m.DistinctBy(x => x.Name).Count() == m.Length),
        GenPerturbation.Array[1, 4].Where(m => m.DistinctBy(x => x.Name).Count() == m.Length),
        Gen.Int.ArrayUnique[1, 5],
        Gen.Int[1000, 100_000_000].Select(ms => TimeSpan.FromMilliseconds(ms)),
        Gen.Bool,
        (name, models, perturbations, seeds, timeout, flow) => new Written(name, models, perturbations, seeds, timeout, flow)
    );

    [Test]
    public void What_is_written_is_what_is_read() =>
        GenFile.Sample(
            file =>
            {
                BenchmarkReading reading = Fixtures.Read(Yaml(file));
                Assert.That(reading.Problems, Is.Empty, Yaml(file));
                BenchmarkDefinition d = reading.Definition!;
                Assert.That(d.Name, Is.EqualTo(file.Name));
                Assert.That(d.Models.Select(m => new Model(m.Name, (NetOptions)m.Use.Options!, m.Train!)), Is.EqualTo(file.Models));
                Assert.That(d.Seeds, Is.EqualTo(file.Seeds));
                Assert.That(d.CellTimeout, Is.EqualTo(file.Timeout));
                Assert.That(d.Perturbations, Has.Count.EqualTo(file.Perturbations.Length));
                foreach ((PerturbationDefinition read, Perturbation written) in d.Perturbations.Zip(file.Perturbations))
                {
                    Assert.That((read.Name, read.Domain), Is.EqualTo((written.Name, written.Domain)));
                    Assert.That(read.Severities, Is.EqualTo(written.Severities ?? []));
                    if (written.Severities is not null)
                        continue;
                    Assert.That(read.Use.Options, Is.EqualTo(written.Steps));
                    Assert.That(
                        read.Budgets,
                        Is.EqualTo(
                            written.Linf.Select(b => new Budget(Norm.Linf, b)).Concat(written.Snr.Select(b => new Budget(Norm.Snr, b)))
                        )
                    );
                }
            },
            iter: 300
        );

    [Test]
    public void No_mutation_of_a_valid_file_throws()
    {
        Gen<(int At, int Delete, string Insert)> edit = Gen.Select(
            Gen.Int[0, 10_000],
            Gen.Int[0, 6],
            Gen.OneOf(Gen.Char["{}[]:,-#&*!|>'\"%@`?~<$ \t\n\r0.eE\\aé\0\u0085\u2028\uFEFF\uD800"], Gen.Char)
                .Array[0, 4]
                .Select(c => new string(c))
        );
        string original = BenchmarkReaderTests.Paper;
        edit.Array[1, 5]
            .Sample(
                edits =>
                {
                    var text = new StringBuilder(original);
                    foreach ((int at, int delete, string insert) in edits)
                    {
                        int place = at % text.Length;
                        text.Remove(place, Math.Min(delete, text.Length - place)).Insert(place, insert);
                    }

                    BenchmarkReading reading = Fixtures.Read(text.ToString(), "/bench/b.yaml", ("SOUNDTRACKS", "/"));
                    Assert.That(reading.Definition is null, Is.EqualTo(reading.Problems.Count > 0));
                    Assert.That(reading.Problems.Select(p => p.Message), Has.None.Empty);
                    Assert.That(reading.Problems.Select(p => p.At.Line), Is.Ordered);
                },
                iter: 3000
            );
    }

    private static string Yaml(Written file)
    {
        string open = file.Flow ? "{ " : "",
            close = file.Flow ? " }" : "",
            indent = file.Flow ? "" : "  ",
            between = file.Flow ? ", " : "\n";
        string Block(string key, IEnumerable<string> lines)
        {
            string body = string.Join(between, lines.Select(l => indent + l));
            return file.Flow ? $"{key}: {{ {body} }}" : $"{key}:\n{body}";
        }

        return open
            + string.Join(
                between,
                $"name: {Quote(file.Name)}",
                "dataset: cues",
                Block(
                    "models",
                    file.Models.Select(m =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{Quote(m.Name)}: {{ use: vgg, with: {{ head: {(m.Net.Head == Head.Direct ? "direct" : "bottleneck-wide")}, "
                                + $"width: {m.Net.Width} }}, train: {{ epochs: {m.Train.Epochs}, batch: {m.Train.Batch}, learning-rate: "
                                + $"{m.Train.LearningRate}, concept-weight: {m.Train.ConceptWeight} }} }}"
                        )
                    )
                ),
                Block(
                    "perturbations",
                    file.Perturbations.Select(p =>
                        $"{Quote(p.Name)}: {{ {Content(p)}, domain: {(p.Domain == Domain.Features ? "features" : "waveform")} }}"
                    )
                ),
                $"seeds: [{string.Join(", ", file.Seeds)}]",
                string.Create(CultureInfo.InvariantCulture, $"evaluation: {{ cell-timeout: {file.Timeout.TotalMilliseconds}ms }}")
            )
            + close;
    }

    private static string Content(Perturbation p)
    {
        if (p.Severities is not null)
            return $"use: noise, severities: [{string.Join(", ", p.Severities)}]";
        string List(string norm, double[] sizes) =>
            sizes.Length == 0 ? "" : $"{norm}: [{string.Join(", ", sizes.Select(s => s.ToString(CultureInfo.InvariantCulture)))}], ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"use: pgd, with: {{ steps: {p.Steps.Steps}, step-size: {p.Steps.StepSize}, restarts: {p.Steps.Restarts} }}, budgets: {{ "
                + $"{List("linf", p.Linf)}{List("snr", p.Snr)} }}"
        );
    }

    private static string Quote(string text) =>
        "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal)
        + "\"";
}
