using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Training;
using MerBench.Tests.Checks;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>A training that ends in NaN names its cause.</summary>
public sealed class DivergenceTests
{
    private static readonly TrainRecipe Recipe = new(Epochs: 4, Batch: 8, LearningRate: 1e-3);

    private readonly List<IDisposable> _built = [];
    private DisposeScope? _scope;

    [SetUp]
    public void Begin() => _scope = NewDisposeScope();

    [TearDown]
    public void End()
    {
        _built.ForEach(b => b.Dispose());
        _built.Clear();
        _scope!.Dispose();
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Inputs_that_are_no_numbers_are_named(float value)
    {
        LabelledClips clips = Clips();
        clips.Input[20, 0] = value;
        UserErrorException error = Failure(Plants.Nothing, clips);
        Assert.That(
            error.Message,
            Does.Match(
                    "Training diverged: the loss is (NaN|Infinity|∞) at epoch 1, batch [1-5] of 5\\. The cause is the data: the input of "
                        + "1 of 40 training clips"
                )
                .And.Contain("first that of number 21")
                .And.Contain("validate --data")
        );
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Input));
    }

    [Test]
    public void Ratings_beyond_any_scale_are_named()
    {
        LabelledClips clips = Clips();
        clips.Emotion[3, 1] = 1e30f;
        Assert.That(
            Failure(Plants.Nothing, clips).Message,
            Does.Contain(
                "the rating of emotions of 1 of 40 training clips holds NaN, infinity or a value beyond 10000, first that of number 4"
            )
        );
    }

    [Test]
    public void A_gradient_that_is_NaN_in_float32_alone_is_the_machines()
    {
        UserErrorException error = Failure(map => map.dtype == ScalarType.Float32 ? NaNGradient(map) : map, Clips());
        Assert.That(
            error.Message,
            Does.Contain("epoch 1, batch 2 of 5")
                .And.Contain("The cause is not the recipe, but this machine")
                .And.Contain("gives NaN again in float32 and none in float64")
                .And.Contain("merbench doctor")
        );
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
    }

    [Test]
    public void A_gradient_that_is_wrong_in_the_last_channels_is_the_machines_when_the_training_ends_in_NaN()
    {
        int calls = 0;
        Assert.That(
            Failure(
                map => Plants.LastChannelsOfGradientWrong(map.dtype == ScalarType.Float32 && ++calls == 3 ? NaNGradient(map) : map),
                Clips()
            ).Message,
            Does.Match(
                "epoch 1, batch 4 of 5.*in float32 the same batch gives something else than in float64: its gradient to the "
                    + "(clips|weights) is wrong \\(cosine 0\\.[0-9]+, length [0-9.]+ times the right one\\)"
            )
        );
    }

    [Test]
    public void Numbers_that_change_from_one_time_to_the_next_are_the_machines()
    {
        int calls = 0;
        Assert.That(
            Failure(map => map * (++calls == 3 ? float.NaN : 1 + (0.05 * (calls % 2))), Clips(), hasCopy: false).Message,
            Does.Contain("computed again, the same batch gives something else: its loss is")
        );
    }

    [Test]
    public void A_learning_rate_that_is_too_high_is_the_recipes_and_the_growth_of_the_loss_is_said()
    {
        int calls = 0;
        PlantedNetwork model = Built(map => ++calls == 4 ? map * float.NaN : map);
        UserErrorException error = Assert.Throws<UserErrorException>(() => Train(model, Recipe with { LearningRate = 10 }, Clips(), null))!;
        Assert.That(
            error.Message,
            Does.Match(@"The cause is the recipe: the loss grew from [0-9.]+ in the first batch to [0-9.]+e\+[0-9]+ in the last one")
                .And.Contain("Lower learning-rate (10 now)")
        );
    }

    [Test]
    public void A_single_step_that_overflows_is_the_recipes_and_the_growth_of_the_weights_is_said()
    {
        using ToyModel model = ToyModel.Built();
        UserErrorException error = Assert.Throws<UserErrorException>(() =>
            Train(model, Recipe with { LearningRate = 1e25 }, ToyClips.Linear(1, 60), null)
        )!;
        Assert.That(
            error.Message,
            Does.Match(@"The cause is the recipe: the largest weight grew from 0\.[0-9]+ to 1e\+25\. Lower learning-rate")
        );
    }

    [Test]
    public void What_is_wrong_for_a_moment_is_not_called_the_recipe()
    {
        int calls = 0;
        UserErrorException error = Failure(map => ++calls == 3 ? map * float.NaN : map, Clips());
        Assert.That(
            error.Message,
            Does.Contain("epoch 1, batch 3 of 5")
                .And.Contain("something was wrong for a moment")
                .And.Contain("run it again")
                .And.Contain("merbench doctor")
        );
    }

    private static Tensor NaNGradient(Tensor map) => map + ((map - map.detach()) * float.NaN).nan_to_num(0);

    private UserErrorException Failure(Func<Tensor, Tensor> plant, LabelledClips clips, bool hasCopy = true)
    {
        PlantedNetwork model = Built(plant);
        return Assert.Throws<UserErrorException>(() => Train(model, Recipe, clips, hasCopy ? () => Built(plant) : null))!;
    }

    private PlantedNetwork Built(Func<Tensor, Tensor> plant)
    {
        PlantedNetwork model = PlantedNetwork.Built(plant);
        _built.Add(model);
        return model;
    }

    private static void Train(ITrainableModel model, TrainRecipe recipe, LabelledClips clips, Func<IModel>? rebuild) =>
        Trainer.Train(
            model,
            recipe,
            clips,
            new LabelledClips(clips.Input[..8], clips.Emotion[..8], null),
            RandomStream.For("t"),
            null,
            CancellationToken.None,
            new TrainingAids(Rebuild: rebuild)
        );

    private static LabelledClips Clips()
    {
        manual_seed(5);
        return new LabelledClips(randn(40, PlantedNetwork.Frames, PlantedNetwork.Bands), rand(40, PlantedNetwork.Emotions), null);
    }
}
