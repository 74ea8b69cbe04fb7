using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class TrainerTests
{
    private static readonly TrainRecipe Recipe = new(Epochs: 30, Batch: 8, LearningRate: 0.02, Patience: 30);

    [Test]
    public void A_linear_relation_is_learnt_and_generalises()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        TrainingOutcome outcome = Train(model, Recipe);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.BestValidationScore, Is.GreaterThan(0.95));
            Assert.That(outcome.Curve[^1].TrainLoss, Is.LessThan(outcome.Curve[0].TrainLoss / 3));
            Assert.That(outcome.EpochsRun, Is.EqualTo(30));
            Assert.That(outcome.GradientCalls, Is.EqualTo(30 * 56), "60 clips are 7 batches of 8; the last, incomplete one is dropped");
            Assert.That(outcome.ForwardCalls, Is.EqualTo(30 * (56 + 20)));
            Assert.That(outcome.ValidatedOnTraining, Is.False);
            Assert.That(model.IsTraining, Is.False);
        }
    }

    [Test]
    public void The_same_stream_gives_the_same_weights_to_the_bit_and_another_stream_others()
    {
        using var scope = NewDisposeScope();
        byte[] Weights(string seed)
        {
            using ToyModel model = ToyModel.Built(dropout: 0.5);
            Trainer.Train(
                model,
                Recipe with
                {
                    Epochs = 3,
                },
                ToyClips.Linear(1, 60),
                ToyClips.Linear(2, 20),
                RandomStream.For(seed),
                null,
                CancellationToken.None
            );
            rand(17); // moves torch's generator between the two trainings
            return model.State["weight"].bytes.ToArray();
        }

        byte[] first = Weights("a");
        Assert.That(Weights("a"), Is.EqualTo(first));
        Assert.That(Weights("b"), Is.Not.EqualTo(first));
    }

    [Test]
    public void Training_stops_after_patience_epochs_and_restores_the_best_weights()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        var atBest = new Dictionary<int, byte[]>();
        LabelledClips reversed = ToyClips.Linear(2, 20);
        reversed = reversed with { Emotion = -reversed.Emotion }; // the better it learns, the worse it validates
        TrainingOutcome outcome = Trainer.Train(
            model,
            Recipe with
            {
                Patience = 4,
                Epochs = 50,
            },
            ToyClips.Linear(1, 60),
            reversed,
            RandomStream.For("t"),
            new Immediately(p => atBest[p.Epoch] = model.State["weight"].bytes.ToArray()),
            CancellationToken.None
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.EpochsRun, Is.EqualTo(outcome.BestEpoch + 4).And.LessThan(50));
            Assert.That(outcome.Curve.MaxBy(r => r.ValidationScore)!.Epoch, Is.EqualTo(outcome.BestEpoch));
            Assert.That(model.State["weight"].bytes.ToArray(), Is.EqualTo(atBest[outcome.BestEpoch]));
            Assert.That(atBest[outcome.EpochsRun], Is.Not.EqualTo(atBest[outcome.BestEpoch]));
        }
    }

    [Test]
    public void Cancelling_stops_training_with_the_cancellation()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        using var cancel = new CancellationTokenSource();
        int epochs = 0;
        Assert.Throws<OperationCanceledException>(() =>
            Trainer.Train(
                model,
                Recipe,
                ToyClips.Linear(1, 60),
                ToyClips.Linear(2, 20),
                RandomStream.For("t"),
                new Immediately(p =>
                {
                    epochs = p.Epoch;
                    if (p.Epoch == 2)
                        cancel.Cancel();
                }),
                cancel.Token
            )
        );
        Assert.That(epochs, Is.EqualTo(2));
        Assert.That(model.IsTraining, Is.False);
    }

    [Test]
    public void Fewer_clips_than_a_batch_are_one_batch_and_no_validation_clips_is_said_so()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        TrainingOutcome outcome = Trainer.Train(
            model,
            Recipe with
            {
                Epochs = 2,
            },
            ToyClips.Linear(1, 5),
            ToyClips.Linear(2, 0),
            RandomStream.For("t"),
            null,
            CancellationToken.None
        );
        Assert.That(outcome.GradientCalls, Is.EqualTo(10));
        Assert.That(outcome.ValidatedOnTraining, Is.True);
    }

    [Test]
    public void Concepts_are_learnt_when_they_have_a_weight()
    {
        using var scope = NewDisposeScope();
        using ToyModel with = ToyModel.Built(concepts: 2),
            without = ToyModel.Built(concepts: 2);
        LabelledClips training = WithConcepts(ToyClips.Linear(1, 60)),
            validation = WithConcepts(ToyClips.Linear(2, 20));
        double ConceptError(ToyModel model, double weight)
        {
            TrainingOutcome outcome = Trainer.Train(
                model,
                Recipe with
                {
                    ConceptWeight = weight,
                },
                training,
                validation,
                RandomStream.For("t"),
                null,
                CancellationToken.None
            );
            Assert.That(
                outcome.BestValidationScore,
                weight > 0 ? Is.GreaterThan(1) : Is.LessThanOrEqualTo(1),
                "r of emotions, plus r of concepts when they are trained"
            );
            using var frozen = no_grad();
            return nn.functional.mse_loss(model.Forward(validation.Input).Concepts!, validation.Concepts!).item<float>();
        }

        Assert.That(ConceptError(with, 0.5), Is.LessThan(ConceptError(without, 0) / 2));
    }

    [Test]
    public void A_concept_weight_without_concepts_is_the_users_error()
    {
        using var scope = NewDisposeScope();
        using ToyModel none = ToyModel.Built(),
            some = ToyModel.Built(concepts: 2);
        TrainRecipe recipe = Recipe with { ConceptWeight = 0.5 };
        Assert.That(Failure(some, recipe, ToyClips.Linear(1, 60)).Message, Does.Contain("dataset has no concepts"));
        Assert.That(Failure(none, recipe, WithConcepts(ToyClips.Linear(1, 60))).Message, Does.Contain("model predicts no concepts"));
    }

    [Test]
    public void A_diverging_training_names_epoch_and_batch()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        LabelledClips clips = ToyClips.Linear(1, 60);
        clips.Input[20, 0] = float.NaN;
        Assert.That(
            Failure(model, Recipe, clips).Message,
            Does.Match("epoch 1, batch [1-7] of 7").And.Contain("the input of 1 of 60 training clips")
        );
    }

    [Test]
    public void A_constant_prediction_correlates_by_minus_one()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        LabelledClips validation = ToyClips.Linear(2, 20) with { Input = zeros(20, 6) };
        TrainingOutcome outcome = Trainer.Train(
            model,
            Recipe with
            {
                Epochs = 2,
            },
            ToyClips.Linear(1, 60),
            validation,
            RandomStream.For("t"),
            null,
            CancellationToken.None
        );
        Assert.That(outcome.Curve.Select(r => r.ValidationScore), Is.All.EqualTo(-1));
        Assert.That(outcome.BestEpoch, Is.EqualTo(1));
    }

    [Test]
    public void Training_leaves_no_tensors_behind()
    {
        using ToyModel model = ToyModel.Built();
        LabelledClips training = ToyClips.Linear(1, 60),
            validation = ToyClips.Linear(2, 20);
        void Run() =>
            Trainer.Train(model, Recipe with { Epochs = 2 }, training, validation, RandomStream.For("t"), null, CancellationToken.None);
        Run();
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Run();
        Assert.That(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount, Is.EqualTo(before));
    }

    [Test]
    public void A_model_with_a_fit_of_its_own_is_fitted()
    {
        using var scope = NewDisposeScope();
        using var model = new MeanModel();
        LabelledClips training = ToyClips.Linear(1, 60);
        TrainingOutcome outcome = Trainer.Train(
            model,
            Recipe,
            training,
            ToyClips.Linear(2, 20),
            RandomStream.For("t"),
            null,
            CancellationToken.None
        );
        Assert.That(model.State["mean"].allclose(training.Emotion.mean([0])), Is.True);
        Assert.That(outcome.Curve, Is.Empty);
    }

    private static UserErrorException Failure(IModel model, TrainRecipe recipe, LabelledClips training) =>
        Assert.Throws<UserErrorException>(() =>
            Trainer.Train(model, recipe, training, training, RandomStream.For("t"), null, CancellationToken.None)
        )!;

    private static TrainingOutcome Train(ToyModel model, TrainRecipe recipe) =>
        Trainer.Train(model, recipe, ToyClips.Linear(1, 60), ToyClips.Linear(2, 20), RandomStream.For("t"), null, CancellationToken.None);

    /// <summary>Emotions that are a fixed linear map of the inputs, plus a little noise.</summary>
    private static LabelledClips WithConcepts(LabelledClips clips) => clips with { Concepts = clips.Input[.., ..2] };
}
