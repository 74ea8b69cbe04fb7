using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Training;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class TrainingCheckpointTests
{
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
                folder.File("training"),
                epoch =>
                {
                    if (epoch == interruptedAfter)
                        throw new OperationCanceledException();
                }
            )
        );

        var epochs = new List<int>();
        (byte[] resumed, TrainingOutcome outcome) = Train(folder.File("training"), epochs.Add);
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

    [Test]
    public void One_checkpoint_is_kept_and_none_before_its_time()
    {
        using var folder = new TemporaryFolder();
        Train(
            folder.File("training"),
            epoch =>
                Assert.That(
                    Directory.GetDirectories(folder.File("training")).Select(Path.GetFileName),
                    Is.EqualTo(new[] { $"epoch-{epoch:D6}" })
                )
        );
        Directory.Delete(folder.File("training"), recursive: true);
        Train(folder.File("training"), _ => { }, TimeSpan.FromHours(1));
        Assert.That(Directory.Exists(folder.File("training")), Is.False);
    }

    [TestCase("progress.json")]
    [TestCase("weights.safetensors")]
    [TestCase("adam.bin")]
    public void A_damaged_checkpoint_is_named_and_deleted(string file)
    {
        using var folder = new TemporaryFolder();
        Train(folder.File("training"), _ => { });
        File.WriteAllText(Path.Combine(folder.File("training"), "epoch-000012", file), "damaged");
        UserErrorException error = Assert.Throws<UserErrorException>(() => Train(folder.File("training"), _ => { }))!;
        Assert.That(error.Message, Does.Contain("epoch-000012").And.Contain("run again to train from the start"));
        Assert.That(Train(folder.File("training"), _ => { }).Outcome.EpochsRun, Is.EqualTo(12));
    }

    private static (byte[] Weights, TrainingOutcome Outcome) Train(string? folder, Action<int> afterEpoch, TimeSpan? interval = null)
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built(dropout: 0.3);
        TrainingCheckpoint? checkpoint = folder is null ? null : new TrainingCheckpoint(folder, interval ?? TimeSpan.Zero);
        using var training = new GradientTraining(
            model,
            Recipe,
            ToyClips.Linear(1, 60),
            ToyClips.Linear(2, 20),
            RandomStream.For("checkpoint"),
            new TrainingAids(checkpoint)
        );
        TrainingOutcome outcome = training.Train(new Immediately(p => afterEpoch(p.Epoch)), CancellationToken.None);
        return (model.State["weight"].bytes.ToArray(), outcome);
    }
}
