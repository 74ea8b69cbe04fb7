using MerBench.Host.Results;

namespace MerBench.Tests.Results;

[Parallelizable(ParallelScope.All)]
public sealed class ResultStoreTests
{
    private const string Key = "abcdef0123";

    [Test]
    public void A_cell_is_read_back_as_it_was_written()
    {
        ResultStore store = Store();
        CellResult result = Cell();
        store.WriteCell(result, stream => stream.WriteByte(1));
        CellResult? read = store.ReadCell(Key);
        Assert.That(read!.Metrics["mae"].Mean, Is.EqualTo(new MetricValue(0.1, 0.30000000000000004, 0.2)));
        Assert.That(read.Metrics["pearson"].PerLabel["fear"].Clean, Is.Null);
        Assert.That(read.Size, Is.EqualTo(result.Size));
    }

    [Test]
    public void A_cell_whose_clips_cannot_be_written_is_not_there_and_leaves_nothing_behind()
    {
        ResultStore store = Store();
        Assert.That(
            () => store.WriteCell(Cell(), _ => throw new IOException("disk full")),
            Throws.InstanceOf<IOException>().With.Message.Contains(store.Root)
        );
        Assert.That(store.ReadCell(Key), Is.Null);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(store.Root, "cells", "ab")), Is.Empty);
    }

    [Test]
    public void A_damaged_cell_counts_as_not_computed()
    {
        ResultStore store = Store();
        store.WriteCell(Cell(), _ => { });
        File.WriteAllText(Path.Combine(store.FindCell(Key)!, "cell.json"), "{ \"key\": ");
        Assert.That(store.ReadCell(Key), Is.Null);
        store.WriteCell(Cell(), _ => { });
        Assert.That(store.ReadCell(Key), Is.Not.Null);
    }

    [Test]
    public void Two_writers_of_the_same_work_keep_one_entry()
    {
        ResultStore store = Store();
        Parallel.For(0, 8, _ => store.WriteCell(Cell(), stream => stream.WriteByte(1)));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(store.Root, "cells", "ab")), Has.Length.EqualTo(1));
    }

    private static ResultStore Store() => new(Directory.CreateTempSubdirectory("merbench-store-").FullName);

    private static CellResult Cell()
    {
        var metrics = new Dictionary<string, MetricResult>
        {
            ["mae"] = new(new Dictionary<string, MetricValue> { ["fear"] = new(0.1, 0.30000000000000004, 0.2) }),
            ["pearson"] = new(new Dictionary<string, MetricValue> { ["fear"] = MetricValue.From(double.NaN, 0, true) }),
        };
        return new CellResult
        {
            Key = Key,
            ModelKey = "model",
            Metrics = metrics,
            ClippedMetrics = metrics,
            OutOfRange = new MetricValue(0, 1, 1),
            Size = new PerturbationSize(0.1, 0.1, 2, 3, null),
            ForwardCalls = 4,
            GradientCalls = 5,
            Seconds = 6.7,
        };
    }
}
