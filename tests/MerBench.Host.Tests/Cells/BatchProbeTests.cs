using MerBench.Host.Cells;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Torch;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests.Execution;

public sealed class BatchProbeTests
{
    private readonly string _store = Directory.CreateTempSubdirectory("batch-probe-").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_store, recursive: true);

    [Test]
    public void The_batch_in_which_a_clip_takes_the_least_time_is_chosen_and_remembered()
    {
        // A call takes 20 ms and another 20 for each clip above four: 1, 2 and 4 clips cost 20, 10 and 5 ms each, 8 cost 12.
        var seen = new List<long>();
        var told = new List<RunEvent.BatchChosen>();
        using PreparedDataset data = Prepared(clips: 40);
        Assert.That(Choose(1e12), Is.EqualTo(4));
        Assert.That(seen, Is.EqualTo(new long[] { 1, 1, 2, 2, 4, 4, 8, 8 }));

        seen.Clear();
        Assert.That(Choose(1e12), Is.EqualTo(4));
        Assert.That(seen, Is.Empty);
        Assert.That(told.Select(t => t.IsRemembered), Is.EqualTo(new[] { false, true }));

        Assert.That(Choose(1e3), Is.EqualTo(16), "where nothing is to be won, nothing is tried");
        Assert.That(seen, Is.Empty);

        int Choose(double flops)
        {
            using var model = new LoadedModel("key", "slow", new SlowModel(flops, seen), data, CPU, Precision.Fp32);
            return new BatchProbe(new ResultStore(_store), new TorchDevice(CPU, 1), e => told.Add((RunEvent.BatchChosen)e)).Choose(
                model,
                Domain.Features,
                16,
                CancellationToken.None
            );
        }
    }

    private PreparedDataset Prepared(int clips)
    {
        var random = new Random(1);
        Clip[] all =
        [
            .. Enumerable
                .Range(0, clips)
                .Select(i => new Clip(
                    $"{i}",
                    i < clips / 2 ? Split.Train : Split.Test,
                    new AudioSource.Rendered(rate => Noise(random, rate)),
                    [0.5f]
                )),
        ];
        return new DatasetPreparer(new StoreFolder(_store)).Prepare(
            new DatasetContent(new LabelSpace(["valence"]), null, all, new Preparation(0.5), "noise"),
            new TripleFrontEnd(),
            "triple",
            new Preparation(0.5)
        );
    }

    private static short[] Noise(Random random, int rate)
    {
        lock (random)
            return [.. Enumerable.Range(0, rate).Select(_ => (short)random.Next(-9000, 9000))];
    }

    private sealed class SlowModel(double flops, List<long> seen) : IModel, IForwardCost
    {
        public double ForwardFlops => flops;

        public Domain Input => Domain.Features;

        public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

        public void Build(ModelContext context) { }

        public ModelOutput Forward(Tensor input)
        {
            seen.Add(input.shape[0]);
            Thread.Sleep(20 * (int)(1 + Math.Max(0, input.shape[0] - 4)));
            return new ModelOutput(input.mean([1, 2]).unsqueeze(1));
        }

        public void SetTraining(bool training) { }

        public void Dispose() { }
    }
}
