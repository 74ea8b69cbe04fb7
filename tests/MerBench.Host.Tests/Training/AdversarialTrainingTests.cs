using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Storage;
using MerBench.Host.Training;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class AdversarialTrainingTests
{
    private static readonly LabelSpace Emotions = new(["a", "b", "c"], 0, 1, "toy");

    private static readonly LabelSpace Concepts = new(["d", "e"], 0, 1, "toy");

    private static readonly TrainRecipe Recipe = new(Epochs: 4, Batch: 8, LearningRate: 0.02, Patience: 30);

    [Test]
    public void Only_every_nth_epoch_is_adversarial_and_costs_are_counted()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        TrainingOutcome outcome = Train(model, new SignStep(0.1f), every: 2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AttackGradientCalls, Is.EqualTo(2 * 56), "epochs 2 and 4, 7 batches of 8");
            Assert.That(outcome.AttackForwardCalls, Is.EqualTo(2 * 56));
            Assert.That(outcome.GradientCalls, Is.EqualTo((4 + 2) * 56), "perturbed batches are trained on as well");
            Assert.That(outcome.ForwardCalls, Is.EqualTo((4 * (56 + 20)) + (2 * 56)));
        }
    }

    [Test]
    public void The_attack_meets_a_frozen_model_in_evaluation_mode_and_training_goes_on_in_training_mode()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built(dropout: 0.5);
        var attack = new SignStep(0.1f, onCall: () => (model.IsTraining, model.Parameters.Any(p => p.requires_grad)));
        Train(model, attack, every: 1);
        Assert.That(attack.Seen, Is.All.EqualTo((false, false)));
        Assert.That(model.Parameters.All(p => p.requires_grad), Is.True);
        Assert.That(attack.Seen, Has.Count.EqualTo(4 * 7), "a batch is attacked as a whole");
    }

    [Test]
    public void It_makes_a_linear_model_more_robust()
    {
        using var scope = NewDisposeScope();
        double plain = HarmAfterwards(every: 1000),
            adversarial = HarmAfterwards(every: 1),
            trades = HarmAfterwards(every: 1, weight: 5);
        TestContext.Out.WriteLine($"{plain} {adversarial} {trades}");
        Assert.That(adversarial, Is.LessThan(0.95 * plain));
        Assert.That(trades, Is.LessThan(0.9 * plain));

        // Of the last epoch, not of the best one on clean clips.
        static double HarmAfterwards(int every, double? weight = null)
        {
            using ToyModel model = ToyModel.Built();
            double harm = double.NaN;
            Train(model, new SignStep(1), every, epochs: 60, weight, progress: new Immediately(_ => harm = Harm(model)));
            return harm;
        }
    }

    [Test]
    public void The_penalty_of_trades_has_a_gradient_though_the_distance_is_smallest_at_the_clean_clip()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        var attack = new SignStep(0.1f);
        Train(model, attack, every: 1, weight: 5);
        Assert.That(attack.SmallestGradient, Is.Positive);
    }

    [Test]
    public void The_same_stream_gives_the_same_weights_to_the_bit()
    {
        using var scope = NewDisposeScope();
        byte[] Weights()
        {
            using ToyModel model = ToyModel.Built(dropout: 0.5);
            Train(model, new SignStep(0.1f, randomStart: true), every: 1);
            return model.State["weight"].bytes.ToArray();
        }

        Assert.That(Weights(), Is.EqualTo(Weights()));
    }

    [TestCase(null)]
    [TestCase(5.0)]
    public void A_training_that_is_told_to_end_in_the_middle_of_an_attack_goes_on_to_the_same_weights_to_the_bit(double? weight)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        int calls = 0;
        byte[] expected = Weights(null, () => default, CancellationToken.None);
        Assert.That(() => Weights(folder.Path, EndAtTenthCall, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetDirectories(folder.File("checkpoints/tr/training")), Has.One.Contains("batch-000001-"));
        Assert.That(Weights(folder.Path, Count, CancellationToken.None), Is.EqualTo(expected));
        Assert.That(calls, Is.EqualTo((4 * 7) + 1), "the attack that was given up is the only one to be repeated");

        (bool, bool) Count()
        {
            calls++;
            return default;
        }

        (bool, bool) EndAtTenthCall()
        {
            if (++calls == 10)
                stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
            return default;
        }

        byte[] Weights(string? store, Func<(bool, bool)> onCall, CancellationToken cancel)
        {
            using ToyModel model = ToyModel.Built(dropout: 0.5);
            TrainingCheckpoint? checkpoint = store is null ? null : new TrainingCheckpoint(new StoreFolder(store), "training");
            var attack = new SignStep(0.1f, randomStart: true, onCall);
            Train(model, attack, every: 1, weight: weight, checkpoint: checkpoint, cancel: cancel);
            return model.State["weight"].bytes.ToArray();
        }
    }

    [Test]
    public void An_attack_that_breaks_its_budget_ends_the_training_and_is_named()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        string message = Assert
            .Throws<UserErrorException>(() => Train(model, new SignStep(0.5f), every: 1, budget: new Budget(Norm.Linf, 0.1)))!
            .Message;
        Assert.That(message, Does.Contain("sign-step").And.Contain("linf"));
    }

    [Test]
    public void Training_on_perturbed_batches_alone_takes_one_update_a_batch_and_is_more_robust_than_on_clean_ones()
    {
        using var scope = NewDisposeScope();
        using ToyModel plain = ToyModel.Built(),
            perturbed = ToyModel.Built();
        Train(plain, new SignStep(1), every: 1000, epochs: 60);
        double harm = double.NaN;
        TrainingOutcome outcome = Train(
            perturbed,
            new SignStep(1),
            every: 1,
            epochs: 60,
            change: settings => settings with { PerturbedOnly = true },
            progress: new Immediately(_ => harm = Harm(perturbed))
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.GradientCalls, Is.EqualTo(outcome.EpochsRun * 56));
            Assert.That(outcome.AttackGradientCalls, Is.EqualTo(outcome.EpochsRun * 56));
            Assert.That(harm, Is.LessThan(0.9 * Harm(plain)));
        }
    }

    [Test]
    public void The_penalty_of_concept_stability_makes_concepts_move_less()
    {
        using var scope = NewDisposeScope();
        using ToyModel plain = ToyModel.Built(concepts: 2),
            stable = ToyModel.Built(concepts: 2);
        (double before, double emotionsBefore) = Split(plain);
        TrainingOutcome outcome = Train(
            stable,
            new SignStep(1),
            every: 1,
            epochs: 8,
            change: settings => settings with { ConceptStability = 5 }
        );
        (double after, double emotionsAfter) = Split(stable);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.BestEpoch, Is.Positive);
            Assert.That(after, Is.LessThan(0.5 * before), "no concept is trained for anything else here");
            Assert.That(emotionsAfter, Is.GreaterThan(0.5 * emotionsBefore), "emotions are trained for the ratings");
        }

        static (double Concepts, double Emotions) Split(ToyModel model)
        {
            Tensor squares = model.State["weight"].square().sum([1]).sqrt();
            return (squares[3..].mean().item<float>(), squares[..3].mean().item<float>());
        }
    }

    [Test]
    public void Concept_stability_of_a_model_without_concepts_is_refused()
    {
        using var scope = NewDisposeScope();
        using ToyModel model = ToyModel.Built();
        Assert.That(
            () => Train(model, new SignStep(1), every: 1, change: settings => settings with { ConceptStability = 5 }),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("predicts no concepts")
        );
    }

    private static double Harm(ToyModel model)
    {
        LabelledClips clips = ToyClips.Linear(2, 20);
        var context = new AttackContext(
            model.Forward,
            clips.Input,
            clips.Emotion,
            Objective.Parse("mse", Emotions),
            [.. Enumerable.Range(0, 20).Select(i => RandomStream.For($"{i}"))]
        );
        Tensor perturbed = new SignStep(0.3f).Perturb(context, CancellationToken.None);
        return (model.Forward(perturbed).Emotion - model.Forward(clips.Input).Emotion).square().mean().item<float>();
    }

    private static TrainingOutcome Train(
        ToyModel model,
        SignStep attack,
        int every,
        int epochs = 4,
        double? weight = null,
        Budget? budget = null,
        Func<AdversarialTraining, AdversarialTraining>? change = null,
        IProgress<TrainingProgress>? progress = null,
        TrainingCheckpoint? checkpoint = null,
        CancellationToken cancel = default
    )
    {
        var use = new PluginUse(new PluginDescriptor(PluginKind.Attack, "sign-step", "", "", "", PluginState.Ready), null, "{}", default);
        var settings = new AdversarialTraining(use, every, budget, "mse", weight);
        settings = change?.Invoke(settings) ?? settings;
        TrainRecipe recipe = Recipe with { Epochs = epochs, Adversarial = settings };
        return Trainer.Train(
            model,
            recipe,
            ToyClips.Linear(1, 60),
            ToyClips.Linear(2, 20),
            RandomStream.For("t"),
            progress,
            cancel,
            new TrainingAids(checkpoint, new TrainingAdversary(settings, attack, model, Emotions, Concepts, CurveAlignment.None, 22_050))
        );
    }

    /// <summary>One step along the sign of the gradient.</summary>
    private sealed class SignStep(float length, bool randomStart = false, Func<(bool, bool)>? onCall = null) : IAttack
    {
        public List<(bool IsTraining, bool IsTrainable)> Seen { get; } = [];

        public float SmallestGradient { get; private set; } = float.PositiveInfinity;

        public Tensor Perturb(AttackContext context, CancellationToken cancel)
        {
            if (onCall is not null)
                Seen.Add(onCall());
            Tensor start = randomStart ? context.Input + (0.01 * context.Normal()) : context.Input;
            (_, Tensor gradient) = context.Differentiate(start);
            SmallestGradient = Math.Min(SmallestGradient, gradient.abs().amax([1]).min().item<float>());
            return context.Input + (length * gradient.sign());
        }
    }
}
