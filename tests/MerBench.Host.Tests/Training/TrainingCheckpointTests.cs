using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Storage;
using MerBench.Host.Training;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class TrainingCheckpointTests
{
    private const string Place = "checkpoints/tr/training";
    private static readonly Stack<PutAside> s_putAside = [];
    private static readonly TrainRecipe Recipe = new(Epochs: 12, Batch: 8, LearningRate: 0.02, Patience: 12);

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(12)]
    public void An_interrupted_training_goes_on_to_the_same_weights_and_curve_to_the_bit(int interruptedAfter)
    {
        using var folder = new TemporaryFolder();
        (byte[] expected, TrainingOutcome whole) = Train(null, epoch => { });
        Assert.Throws<OperationCanceledException>(() =>
            Train(
                folder.Path,
                epoch =>
                {
                    if (epoch == interruptedAfter)
                        throw new OperationCanceledException();
                }
            )
        );

        var epochs = new List<int>();
        (byte[] resumed, TrainingOutcome outcome) = Train(folder.Path, epochs.Add);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                epochs,
                Is.EqualTo(Enumerable.Range(interruptedAfter + 1, 12 - interruptedAfter)),
                "only the epochs that were missing are run"
            );
            Assert.That(resumed, Is.EqualTo(expected));
            Assert.That(outcome.BestEpoch, Is.EqualTo(whole.BestEpoch));
            Assert.That(outcome.Curve.Select(r => r with { Seconds = 0 }), Is.EqualTo(whole.Curve.Select(r => r with { Seconds = 0 })));
            Assert.That((outcome.ForwardCalls, outcome.GradientCalls), Is.EqualTo((whole.ForwardCalls, whole.GradientCalls)));
        }
    }

    // 60 clips are 7 batches of 8.
    [TestCase(1, 1)]
    [TestCase(3, 4)]
    [TestCase(3, 7)]
    [TestCase(12, 7)]
    public void A_training_that_is_told_to_end_goes_on_within_the_epoch_to_the_same_weights_to_the_bit(int epoch, int batch)
    {
        using var folder = new TemporaryFolder();
        (byte[] expected, TrainingOutcome whole) = Train(null, _ => { });
        using var stop = new CancellationTokenSource();
        Assert.That(
            () =>
                Train(
                    folder.Path,
                    _ => { },
                    TimeSpan.FromHours(1),
                    stepped: (e, share) =>
                    {
                        if (e == epoch && share >= (batch - 0.5) / 7)
                            stop.Cancel();
                    },
                    cancel: stop.Token
                ),
            Throws.InstanceOf<OperationCanceledException>()
        );
        Assert.That(
            Directory.GetDirectories(folder.File(Place)).Select(Path.GetFileName),
            Is.EqualTo(new[] { $"batch-{epoch - 1:D6}-{batch:D9}" })
        );

        var steps = new List<(int, int)>();
        var epochs = new List<int>();
        (byte[] resumed, TrainingOutcome outcome) = Train(
            folder.Path,
            epochs.Add,
            stepped: (e, share) => steps.Add((e, (int)Math.Round(7 * share)))
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps, Has.Count.EqualTo((12 * 7) - (7 * (epoch - 1)) - batch), "no step is done twice");
            Assert.That(epochs, Is.EqualTo(Enumerable.Range(epoch, 13 - epoch)));
            Assert.That(resumed, Is.EqualTo(expected));
            Assert.That(outcome.Curve.Select(r => r with { Seconds = 0 }), Is.EqualTo(whole.Curve.Select(r => r with { Seconds = 0 })));
            Assert.That((outcome.ForwardCalls, outcome.GradientCalls), Is.EqualTo((whole.ForwardCalls, whole.GradientCalls)));
        }
    }

    [Test]
    public void One_checkpoint_is_kept_and_none_before_its_time()
    {
        using var folder = new TemporaryFolder();
        Train(
            folder.Path,
            epoch =>
                Assert.That(
                    Directory.GetDirectories(folder.File(Place)).Select(Path.GetFileName),
                    Is.EqualTo(new[] { $"epoch-{epoch:D6}" })
                )
        );
        Directory.Delete(folder.File(Place), recursive: true);
        Train(folder.Path, _ => { }, TimeSpan.FromHours(1));
        Assert.That(Directory.Exists(folder.File(Place)), Is.False);
    }

    [TestCase("progress.json", true)]
    [TestCase("weights.safetensors", true)]
    [TestCase("best.safetensors", true)]
    [TestCase("adam.bin", true)]
    [TestCase("manifest.json", true)]
    [TestCase("adam.bin", false)]
    [TestCase("weights.safetensors", false)]
    public void A_damaged_checkpoint_is_put_aside_and_the_training_begins_again_to_the_same_weights(string file, bool hasManifest)
    {
        using var folder = new TemporaryFolder();
        (byte[] expected, _) = Train(null, _ => { });
        Train(folder.Path, _ => { });
        string checkpoint = folder.File($"{Place}/epoch-000012");
        if (!hasManifest)
            File.Delete(Path.Combine(checkpoint, "manifest.json"));
        File.WriteAllText(Path.Combine(checkpoint, file), "damaged");
        var epochs = new List<int>();
        (byte[] weights, _) = Train(folder.Path, epochs.Add);
        Assert.That(weights, Is.EqualTo(expected));
        Assert.That(epochs, Is.EqualTo(Enumerable.Range(1, 12)));
        Assert.That(s_putAside.TryPop(out PutAside? aside) ? aside.Entry : null, Is.EqualTo($"{Place}/epoch-000012"));
        Assert.That(File.ReadAllText(Path.Combine(aside!.Place, file)), Is.EqualTo("damaged"), "nothing is lost");
    }

    [Test]
    public void A_checkpoint_of_a_version_that_wrote_no_manifest_is_taken_where_it_can_be_read()
    {
        using var folder = new TemporaryFolder();
        (byte[] expected, _) = Train(folder.Path, _ => { });
        File.Delete(folder.File($"{Place}/epoch-000012/manifest.json"));
        var epochs = new List<int>();
        Assert.That(Train(folder.Path, epochs.Add).Weights, Is.EqualTo(expected));
        Assert.That(epochs, Is.Empty);
    }

    private static (byte[] Weights, TrainingOutcome Outcome) Train(
        string? folder,
        Action<int> afterEpoch,
        TimeSpan? interval = null,
        Action<int, double>? stepped = null,
        CancellationToken cancel = default
    )
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built(dropout: 0.3);
        TrainingCheckpoint? checkpoint = folder is null
            ? null
            : new TrainingCheckpoint(new StoreFolder(folder, s_putAside.Push), "training", interval ?? TimeSpan.Zero);
        using var training = new GradientTraining(
            model,
            Recipe,
            ToyClips.Linear(1, 60),
            ToyClips.Linear(2, 20),
            RandomStream.For("checkpoint"),
            new TrainingAids(checkpoint, Stepped: stepped)
        );
        TrainingOutcome outcome = training.Train(new Immediately(p => afterEpoch(p.Epoch)), cancel);
        return (model.State["weight"].bytes.ToArray(), outcome);
    }
}
