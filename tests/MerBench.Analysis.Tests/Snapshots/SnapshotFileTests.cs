using System.Text;
using CsCheck;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;

namespace MerBench.Host.Tests.Snapshots;

public sealed class SnapshotFileTests
{
    private string _folder = "";

    private string Benchmark => Path.Combine(_folder, "b.yaml");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private static Snapshot Snapshot(params double[] errors)
    {
        var comparison = new Comparison { Accepted = _ => errors, Received = _ => errors };
        return comparison.Make(MatrixExpansion.Expand(comparison.Definition), _ => errors);
    }

    [Test]
    public void Files_follow_the_conventions_of_Verify()
    {
        Assert.That(Path.GetFileName(SnapshotFile.Verified("x/quick.start.yaml")), Is.EqualTo("quick.start.verified.json"));
        SnapshotFile.Write(SnapshotFile.Verified(Benchmark), Snapshot(0.1, 0.2));
        byte[] bytes = File.ReadAllBytes(SnapshotFile.Verified(Benchmark));
        string text = Encoding.UTF8.GetString(bytes[3..]);
        Assert.Multiple(() =>
        {
            Assert.That(bytes[..3], Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }));
            Assert.That(text, Does.Not.Contain("\r").And.EndWith("}"));
            Assert.That(text, Does.StartWith("{\n  \"benchmark\": \"b\",\n  \"cells\": {").And.Contains("\"perturbed\": [0.1, 0.2]"));
        });
    }

    [Test]
    public void Numbers_come_back_to_the_last_bit() =>
        Gen.Double[-1e6, 1e6]
            .Array[2, 6]
            .Sample(
                errors =>
                {
                    string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
                    Snapshot written = Snapshot(errors);
                    SnapshotFile.Write(path, written);
                    Snapshot read = SnapshotFile.Read(path)!;
                    Assert.That(read.Cells.Values.Single().Errors.Perturbed, Is.EqualTo(errors));
                    string again = path + "2";
                    SnapshotFile.Write(again, read);
                    Assert.That(
                        File.ReadAllBytes(again),
                        Is.EqualTo(File.ReadAllBytes(path)),
                        "what is written depends on the content alone"
                    );
                },
                iter: 50,
                threads: 1
            );

    [Test]
    public void A_metric_that_is_not_defined_stays_so()
    {
        Snapshot snapshot = Snapshot(0.1, 0.2);
        snapshot = snapshot with
        {
            Cells = snapshot.Cells.ToDictionary(
                c => c.Key,
                c =>
                    c.Value with
                    {
                        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["pearson"] = new(null, 0.5, null) },
                    },
                StringComparer.Ordinal
            ),
        };
        SnapshotFile.Write(SnapshotFile.Verified(Benchmark), snapshot);
        Assert.That(
            SnapshotFile.Read(SnapshotFile.Verified(Benchmark))!.Cells.Values.Single().Metrics["pearson"],
            Is.EqualTo(new MetricValue(null, 0.5, null))
        );
    }

    [TestCase("{\n  \"schema\": 1,\n<<<<<<< HEAD\n}", ":3:")]
    [TestCase("{ \"schema\": 1, \"cells\": [] }", ":1:")]
    [TestCase("{ \"schema\": 99 }", "of layout 99")]
    [TestCase("null", "something else")]
    [TestCase("", ":1:1:")]
    public void What_is_no_snapshot_is_refused_with_its_place(string text, string expected)
    {
        File.WriteAllText(SnapshotFile.Verified(Benchmark), text);
        var error = Assert.Throws<UserErrorException>(() => SnapshotFile.Read(SnapshotFile.Verified(Benchmark)));
        Assert.That(error!.Message, Does.Contain("b.verified.json").And.Contain(expected).And.Contain("verify --accept"));
    }

    [Test]
    public void Accepting_moves_the_received_file()
    {
        Assert.That(SnapshotFile.Accept(Benchmark), Is.False);
        SnapshotFile.Write(SnapshotFile.Received(Benchmark), Snapshot(0.3, 0.4));
        Assert.That(SnapshotFile.Accept(Benchmark), Is.True);
        Assert.That(File.Exists(SnapshotFile.Received(Benchmark)), Is.False);
        Assert.That(
            SnapshotFile.Read(SnapshotFile.Verified(Benchmark))!.Cells.Values.Single().Errors.Perturbed,
            Is.EqualTo(new[] { 0.3, 0.4 })
        );
    }

    [Test]
    public void Snapshots_without_a_benchmark_dangle()
    {
        foreach (string name in new[] { "kept.verified.json", "kept.yaml", "short.verified.json", "short.yml", "gone.verified.json" })
            File.WriteAllText(Path.Combine(_folder, name), "");
        Assert.That(SnapshotFile.Dangling(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "gone.verified.json" }));
    }
}
