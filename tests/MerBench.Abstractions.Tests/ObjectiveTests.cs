using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class ObjectiveTests
{
    private static readonly LabelSpace Emotions = new(["valence", "energy", "high-tension", "fear2"]);

    private static readonly Gen<(int Emotion, bool Plus, string Gap, string After)> Term = Gen.Select(
        Gen.Int[0, 3],
        Gen.Bool,
        Gen.Bool.Select(b => b ? " " : ""),
        Gen.Bool.Select(b => b ? " " : "  ")
    );

    [Test]
    public void Known_objectives_are_read_by_name([Values("mse", "mae", "pearson", "ccc")] string name) =>
        Assert.That(Objective.Parse($" {name} ", Emotions).Name, Is.EqualTo(name));

    [Test]
    public void Every_objective_says_what_it_maximises([ValueSource(typeof(Objective), nameof(Objective.Names))] string name)
    {
        Assert.That(Objective.Parse(name, Emotions).Description, Is.EqualTo(Objective.Describe(name)));
        Assert.That(Objective.Describe(name), Does.StartWith("the ").And.Not.EqualTo($"the direction {name}"));
    }

    [Test]
    public void A_direction_is_called_one() =>
        Assert.That(Objective.Describe("+valence -fear"), Is.EqualTo("the direction +valence -fear"));

    [Test]
    public void A_direction_is_the_signed_sum_of_the_named_emotions() =>
        Term.Array[1, 6]
            .Sample(
                terms =>
                {
                    using var scope = NewDisposeScope();
                    string text = string.Concat(terms.Select(t => $"{(t.Plus ? '+' : '-')}{t.Gap}{Emotions.Names[t.Emotion]}{t.After}"));
                    float[] prediction = [1, 10, 100, 1000];
                    double expected = terms.Sum(t => (t.Plus ? 1 : -1) * prediction[t.Emotion]);
                    Tensor value = Objective.Parse(text, Emotions).Value(new ModelOutput(tensor(prediction).reshape(1, 4)), zeros(1, 4));
                    return value.shape is [1] && value.item<float>() == expected;
                },
                iter: 200,
                threads: 1
            );

    [Test]
    public void Any_other_text_is_refused_with_a_FormatException_and_nothing_else() =>
        Gen.String[Gen.Char["+- abevlnc\t5."], 0, 40]
            .Sample(text =>
            {
                try
                {
                    Objective.Parse(text, Emotions);
                    return Emotions.Names.Any(text.Contains);
                }
                catch (FormatException e)
                {
                    return e.Message.Contains("valence", StringComparison.Ordinal);
                }
            });

    [Test]
    public void A_long_text_that_almost_is_a_direction_is_refused_at_once()
    {
        string text = string.Concat(Enumerable.Repeat("-a", 60)) + "!";
        FormatException refusal = Assert.Throws<FormatException>(() => Objective.Parse(text, Emotions))!;
        Assert.That(refusal.Message, Does.Contain("is not an objective"));
    }

    [Test]
    public void An_unknown_emotion_is_named_with_those_that_exist() =>
        Assert.That(
            () => Objective.Parse("+valence -anger", Emotions),
            Throws
                .TypeOf<FormatException>()
                .With.Message.EqualTo("'anger' is not an emotion of this dataset: valence, energy, high-tension, fear2.")
        );

    [Test]
    public void Errors_and_correlations_have_their_textbook_values()
    {
        using var scope = NewDisposeScope();
        Tensor predicted = tensor(new[] { 1f, 2, 3, 6 }).reshape(1, 4),
            actual = tensor(new[] { 2f, 2, 4, 4 }).reshape(1, 4);
        var output = new ModelOutput(predicted);
        // Sums of squares about the means: 14 and 4; of products: 6. Means 3 and 3.
        Assert.That(Objective.Mse.Value(output, actual).item<float>(), Is.EqualTo(1.5).Within(1e-6));
        Assert.That(Objective.Mae.Value(output, actual).item<float>(), Is.EqualTo(1).Within(1e-6));
        Assert.That(Objective.Pearson.Value(output, actual).item<float>(), Is.EqualTo(-6 / Math.Sqrt(56)).Within(1e-6));
        Assert.That(Objective.Ccc.Value(output, actual).item<float>(), Is.EqualTo(-2 * 6 / 18.0).Within(1e-6));
    }

    private static ClipReference Reference(float[] clean, float[]? concepts = null, float tolerance = 0.1f, float[]? ratings = null) =>
        new(torch.tensor(ratings ?? clean).unsqueeze(0))
        {
            Clean = new ModelOutput(torch.tensor(clean).unsqueeze(0), concepts is null ? null : torch.tensor(concepts).unsqueeze(0)),
            Tolerance = torch.full([1, clean.Length], tolerance),
        };

    private static ModelOutput Output(float[] emotion, float[]? concepts = null) =>
        new(torch.tensor(emotion).unsqueeze(0), concepts is null ? null : torch.tensor(concepts).unsqueeze(0));

    [TestCase("any", 3.0)]
    [TestCase("any-up", 1.0)]
    [TestCase("any-down", 3.0)]
    public void Changes_of_any_emotion_are_in_multiples_of_the_tolerance(string name, double expected)
    {
        Objective objective = Objective.Parse(name, new LabelSpace(["valence", "energy"]));
        ModelOutput output = Output([0.6f, 0.2f]);
        Assert.That(objective.Value(output, Reference([0.5f, 0.5f])).item<float>(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(objective.Shift(output, Reference([0.5f, 0.5f])).item<float>(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(objective.NeedsClean);
    }

    [TestCase(0.8f, 0.7f, -0.2)]
    [TestCase(0.4f, 0.7f, 0.1)]
    [TestCase(0.4f, 0.2f, 0.3)]
    public void A_quadrant_is_left_where_either_axis_crosses_the_middle(float valence, float energy, double expected)
    {
        Objective objective = Objective.Parse("quadrant", new LabelSpace(["energy", "fear", "valence"]));
        ClipReference reference = Reference([0.9f, 0.1f, 0.9f]);
        Assert.That(objective.Value(Output([energy, 0, valence]), reference).item<float>(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(objective.Shift(Output([energy, 0, valence]), reference).item<float>() >= 1, Is.EqualTo(expected >= 0));
    }

    [Test]
    public void A_quadrant_needs_valence_and_arousal() =>
        Assert.That(
            () => Objective.Parse("quadrant", new LabelSpace(["fear", "valence"])),
            Throws.InstanceOf<FormatException>().With.Message.Contains("arousal")
        );

    [Test]
    public void Bottleneck_objectives_reward_one_side_and_charge_the_other()
    {
        ClipReference reference = Reference([0.5f, 0.5f], [0.2f, 0.4f]);
        ModelOutput output = Output([0.5f, 0.7f], [0.6f, 0.4f]);
        Assert.That(Objective.Concepts.Value(output, reference).item<float>(), Is.EqualTo(0.08 - 0.02).Within(1e-6));
        Assert.That(Objective.EmotionOnly.Value(output, reference).item<float>(), Is.EqualTo(0.02 - 0.08).Within(1e-6));
        Assert.That(Objective.Concepts.Shift(output, reference).item<float>(), Is.EqualTo(4).Within(1e-4));
        Assert.That(Objective.EmotionOnly.Shift(output, reference).item<float>(), Is.EqualTo(2).Within(1e-4));
        Assert.That(
            () => Objective.Concepts.Value(Output([0.5f, 0.7f]), reference),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("concepts")
        );
    }

    [Test]
    public void A_direction_succeeds_when_its_emotions_move_by_the_tolerance_in_its_sense()
    {
        Objective objective = Objective.Parse("+valence -energy", new LabelSpace(["valence", "energy"]));
        Assert.That(objective.Shift(Output([0.6f, 0.4f]), Reference([0.5f, 0.5f])).item<float>(), Is.EqualTo(1).Within(1e-4));
        Assert.That(objective.Shift(Output([0.4f, 0.6f]), Reference([0.5f, 0.5f])).item<float>(), Is.EqualTo(-1).Within(1e-4));
        Assert.That(Objective.Mse.Shift(Output([0.4f, 0.5f]), Reference([0.5f, 0.5f])).item<float>(), Is.EqualTo(1).Within(1e-4));
    }
}
