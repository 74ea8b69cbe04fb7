using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Storage;
using MerBench.Host.Training;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Free adversarial training, and noise on training clips.</summary>
public sealed class FreeTrainingTests
{
    private static readonly TrainRecipe Recipe = new(Epochs: 6, Batch: 8, LearningRate: 0.02, Patience: 30);

    [Test]
    public void A_perturbation_follows_the_sign_of_the_gradient_stays_in_its_ball_and_is_kept_for_the_next_batch()
    {
        using var scope = NewDisposeScope();
        using var free = new FreePerturbation(new FreeTraining(3, 0.1), Domain.Features);
        Tensor input = zeros(1, 2);
        var seen = new List<float[]>();
        double mean = free.Replay(input, Step),
            next = free.Replay(input, Step);
        free.Reset();
        free.Replay(input, Step);
        // The loss is a - b: along the sign of its gradient by a radius, and held there.
        Assert.That(
            seen,
            Is.EqualTo(
                new float[][]
                {
                    [0f, 0f],
                    [0.1f, -0.1f],
                    [0.1f, -0.1f],
                    [0.1f, -0.1f],
                    [0.1f, -0.1f],
                    [0.1f, -0.1f],
                    [0f, 0f],
                    [0.1f, -0.1f],
                    [0.1f, -0.1f],
                }
            )
        );
        Assert.That(mean, Is.EqualTo(0.4 / 3).Within(1e-6));
        Assert.That(next, Is.EqualTo(0.2).Within(1e-6));

        double Step(Tensor clips)
        {
            seen.Add(clips.detach().data<float>().ToArray());
            Tensor loss = clips[0, 0] - clips[0, 1];
            loss.backward();
            return loss.item<float>();
        }
    }

    [Test]
    public void Samples_stay_within_full_scale()
    {
        using var scope = NewDisposeScope();
        using var free = new FreePerturbation(new FreeTraining(2, 0.5), Domain.Waveform);
        double largest = 0;
        free.Replay(
            ones(1, 4) * 0.8,
            clips =>
            {
                largest = Math.Max(largest, clips.abs().max().item<float>());
                clips.sum().backward();
                return 0;
            }
        );
        Assert.That(largest, Is.EqualTo(1));
    }

    [Test]
    public void Each_batch_costs_its_replays_and_weights_shrink_against_the_perturbation()
    {
        using var scope = NewDisposeScope();
        using ToyModel plain = ToyModel.Built(),
            free = ToyModel.Built();
        Train(plain, Recipe with { Epochs = 30 });
        double last = double.NaN;
        TrainingOutcome outcome = Train(
            free,
            Recipe with
            {
                Epochs = 30,
                Free = new FreeTraining(4, 1),
            },
            new Immediately(_ => last = Size(free))
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.GradientCalls, Is.EqualTo(outcome.EpochsRun * 4 * 56));
            Assert.That(last, Is.LessThan(0.9 * Size(plain)));
        }

        static double Size(ToyModel model) => model.State["weight"].abs().sum().item<float>();
    }

    [Test]
    public void Noise_is_drawn_anew_in_each_epoch_and_gives_the_same_weights_again_to_the_bit()
    {
        using var scope = NewDisposeScope();
        byte[] noisy = Weights(0.5);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Weights(0.5), Is.EqualTo(noisy));
            Assert.That(Weights(0.4), Is.Not.EqualTo(noisy));
            Assert.That(Weights(0), Is.Not.EqualTo(noisy));
        }

        static byte[] Weights(double noise)
        {
            using ToyModel model = ToyModel.Built();
            Train(model, Recipe with { Noise = noise });
            return model.State["weight"].bytes.ToArray();
        }
    }

    [Test]
    public void A_free_training_that_is_told_to_end_goes_on_from_the_end_of_an_epoch_to_the_same_weights()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        TrainRecipe recipe = Recipe with { Free = new FreeTraining(2, 0.1), Noise = 0.1 };
        byte[] expected = Weights("whole", null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Assert.That(() => Weights("ended", stop, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Weights("ended", null, CancellationToken.None), Is.EqualTo(expected), "with the checkpoint of the third epoch");

        byte[] Weights(string key, CancellationTokenSource? stopAfterThird, CancellationToken cancel)
        {
            using ToyModel model = ToyModel.Built(dropout: 0.5);
            var progress = new Immediately(p =>
            {
                if (p.Epoch == 3)
                    stopAfterThird?.Cancel();
            });
            Train(model, recipe, progress, new TrainingCheckpoint(new StoreFolder(folder.Path), key, TimeSpan.Zero), cancel);
            return model.State["weight"].bytes.ToArray();
        }
    }

    private static TrainingOutcome Train(
        ToyModel model,
        TrainRecipe recipe,
        IProgress<TrainingProgress>? progress = null,
        TrainingCheckpoint? checkpoint = null,
        CancellationToken cancel = default
    ) =>
        Trainer.Train(
            model,
            recipe,
            ToyClips.Linear(1, 60),
            ToyClips.Linear(2, 20),
            RandomStream.For("t"),
            progress,
            cancel,
            new TrainingAids(checkpoint)
        );
}
