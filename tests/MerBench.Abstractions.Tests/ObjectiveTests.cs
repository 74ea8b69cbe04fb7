using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class ObjectiveTests
{
    private static readonly LabelSpace Emotions = new(["valence", "energy", "high-tension", "fear2"]);

    private static readonly Gen<(int Emotion, bool Plus, string Gap, string After)> Term =
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool.Select(b => b ? " " : ""), Gen.Bool.Select(b => b ? " " : "  "));

    [Test]
    public void Known_objectives_are_read_by_name([Values("mse", "mae", "pearson", "ccc")] string name) =>
        Assert.That(Objective.Parse($" {name} ", Emotions).Name, Is.EqualTo(name));

    [Test]
    public void A_direction_is_the_signed_sum_of_the_named_emotions() =>
        Term.Array[1, 6].Sample(terms =>
        {
            using var scope = NewDisposeScope();
            string text = string.Concat(terms.Select(t => $"{(t.Plus ? '+' : '-')}{t.Gap}{Emotions.Names[t.Emotion]}{t.After}"));
            float[] prediction = [1, 10, 100, 1000];
            double expected = terms.Sum(t => (t.Plus ? 1 : -1) * prediction[t.Emotion]);
            Tensor value = Objective.Parse(text, Emotions).Value(new ModelOutput(tensor(prediction).reshape(1, 4)), zeros(1, 4));
            return value.shape is [1] && value.item<float>() == expected;
        }, iter: 200, threads: 1);

    [Test]
    public void Any_other_text_is_refused_with_a_FormatException_and_nothing_else() =>
        Gen.String[Gen.Char["+- abevlnc\t5."], 0, 40].Sample(text =>
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
        Assert.That(() => Objective.Parse("+valence -anger", Emotions),
            Throws.TypeOf<FormatException>().With.Message.EqualTo("'anger' is not an emotion of this dataset: valence, energy, high-tension, fear2."));

    [Test]
    public void Errors_and_correlations_have_their_textbook_values()
    {
        using var scope = NewDisposeScope();
        Tensor predicted = tensor(new[] { 1f, 2, 3, 6 }).reshape(1, 4), actual = tensor(new[] { 2f, 2, 4, 4 }).reshape(1, 4);
        var output = new ModelOutput(predicted);
        // Sums of squares about the means: 14 and 4; of products: 6. Means 3 and 3.
        Assert.That(Objective.Mse.Value(output, actual).item<float>(), Is.EqualTo(1.5).Within(1e-6));
        Assert.That(Objective.Mae.Value(output, actual).item<float>(), Is.EqualTo(1).Within(1e-6));
        Assert.That(Objective.Pearson.Value(output, actual).item<float>(), Is.EqualTo(-6 / Math.Sqrt(56)).Within(1e-6));
        Assert.That(Objective.Ccc.Value(output, actual).item<float>(), Is.EqualTo(-2 * 6 / 18.0).Within(1e-6));
    }
}
