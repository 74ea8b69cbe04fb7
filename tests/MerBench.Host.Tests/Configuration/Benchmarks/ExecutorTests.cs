using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Reading;

namespace MerBench.Host.Tests.Benchmarks;

public sealed class ExecutorTests
{
    private const string Common = """
        dataset: cues
        models: { r: ridge }
        perturbations: { n: noise }
        executor:
        """;

    private static BenchmarkReading Read(string executor) =>
        BenchmarkReader.Parse($"{Common} {executor}\n", "/bench/b.yaml", Fixtures.Catalog);

    [Test]
    public void What_slurm_is_told_is_told_as_it_is_written()
    {
        SlurmSettings settings = Read(
                "{ use: slurm, with: { shards: 8, at-once: 4, restarts: 0, time: 2:00:00, mem: 16G, gres: 'gpu:a100:1', exclusive: true, "
                    + "constraint: ~, nice: 10, mail-user: a b, merge: { gres: ~, time: 30, qos: short } } }"
            )
            .DefinitionOrThrow()
            .Slurm!;
        Assert.That((settings.Shards, settings.AtOnce, settings.Restarts), Is.EqualTo((8, 4, 0)));
        Assert.That(Told(settings.Options), Is.EqualTo("--time=2:00:00 --mem=16G --gres=gpu:a100:1 --exclusive --nice=10 --mail-user=a b"));
        Assert.That(
            Told(settings.MergeOptions),
            Is.EqualTo("--mem=16G --exclusive --nice=10 --mail-user=a b --time=30 --qos=short"),
            "what differs for the job that merges"
        );
        Assert.That(Told(settings.With(new SlurmOption("mem", "", null)).Options), Does.Not.Contain("mem="), "the command line wins");

        static string Told(IEnumerable<SlurmOption> options) => string.Join(' ', options.Where(o => !o.IsLeftOut));
    }

    [TestCase("local")]
    [TestCase("{ use: local }")]
    public void This_machine_needs_no_options(string executor) => Assert.That(Read(executor).DefinitionOrThrow().Slurm, Is.Null);

    [TestCase("kubernetes", "4:11", "expected one of local, slurm")]
    [TestCase("{ use: local, with: { time: 3 } }", "4:31", "'executor: local' has no options")]
    [TestCase("{ use: slurm, with: { array: 3 } }", "4:33", "'array' is what MerBench itself tells sbatch; leave it out")]
    [TestCase("{ use: slurm, with: { p: gpu } }", "4:33", "'p' is no long name of an option of sbatch")]
    [TestCase("{ use: slurm, with: { --mem: 1G } }", "4:33", "'--mem' is no long name of an option of sbatch")]
    [TestCase("{ use: slurm, with: { shards: many } }", "4:33", "'shards' is 'many': expected a whole number from 1")]
    [TestCase("{ use: slurm, with: { shards: 0 } }", "4:33", "'shards' is '0': expected a whole number from 1")]
    [TestCase("{ use: slurm, with: { gres: [a, b] } }", "4:39", "'executor.gres': expected one value, as sbatch takes it, found a list")]
    [TestCase("{ use: slurm, with: { merge: { shards: 1 } } }", "4:42", "'shards' is no option of the merge job")]
    [TestCase("{ use: slurm, with: { merge: 3 } }", "4:40", "a mapping of options that differ for the job that merges")]
    [TestCase("{ with: { time: 3 } }", "4:11", "missing key 'use'; expected one of local, slurm")]
    public void What_would_break_the_jobs_is_refused_where_it_stands(string executor, string place, string message)
    {
        BenchmarkReading reading = Read(executor);
        Assert.That(reading.Problems.Select(p => p.ToString()), Has.One.StartsWith($"/bench/b.yaml:{place}: ").And.Contains(message));
    }
}
