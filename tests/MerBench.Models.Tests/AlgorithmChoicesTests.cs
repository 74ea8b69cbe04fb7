using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>What is measured for the attack form is asked for once, remembered and used.</summary>
public sealed class AlgorithmChoicesTests
{
    private const int Layers = 8;

    [Test]
    public void A_large_network_is_measured_once_and_every_form_of_it_uses_what_was_found()
    {
        var memory = new Dictionary<string, string>(StringComparer.Ordinal);
        (int asked, int measured) = (0, 0);
        string first = Algorithms(),
            second = Algorithms();
        Assert.That((asked, measured), Is.EqualTo((2, 1)), "a model asks once, though it was frozen twice");
        Assert.That(second, Is.EqualTo(first));
        Assert.That(memory.Values.Single(), Is.EqualTo(first));
        Assert.That(memory.Keys.Single(), Does.Contain("Float32").And.Contain("[128 64 3 3]").And.Contain("on 39 x 18"));

        string other = string.Join(' ', Enumerable.Repeat("Patches/Direct", Layers));
        memory[memory.Keys.Single()] = other;
        Assert.That(Algorithms(), Is.EqualTo(other), "it does not measure again");
        Assert.That(measured, Is.EqualTo(1));

        memory[memory.Keys.Single()] = "Tiles/Tiles";
        Assert.That(
            Algorithms().Split(' '),
            Has.Length.EqualTo(Layers).And.All.Match("^(Tiles/Tiles|Direct/Direct)$"),
            "a damaged entry counts as none"
        );

        string Algorithms()
        {
            using VggModel model = Build(
                0.5,
                313,
                149,
                (key, measure) =>
                {
                    asked++;
                    if (memory.TryGetValue(key, out string? known))
                        return known;
                    measured++;
                    return memory[key] = measure();
                }
            );
            model.Freeze(Precision.Fp32).Dispose();
            using var form = (FrozenVgg)model.Freeze(Precision.Fp32);
            return string.Join(' ', form.Algorithms);
        }
    }

    [TestCase(0.125, 313, 149)]
    [TestCase(1, 40, 30)]
    public void A_small_network_is_not_measured(double width, int frames, int bands)
    {
        using VggModel model = Build(width, frames, bands, (_, _) => throw new AssertionException("asked"));
        using var form = (FrozenVgg)model.Freeze(Precision.Fp32);
        Assert.That(form.Algorithms, Has.Count.EqualTo(Layers));
    }

    [Test]
    public void Weights_that_are_not_finite_are_not_measured()
    {
        using VggModel model = Build(0.5, 313, 149, (_, _) => throw new AssertionException("asked"));
        using (no_grad())
            model.State["preconcept_model.conv5.0.weight"].fill_(float.NaN);
        Assert.That(() => model.Freeze(Precision.Fp32).Dispose(), Throws.Nothing);
    }

    [TestCase("Direct/Tiles", true)]
    [TestCase("Tiles/Bf16Tiles", true)]
    [TestCase("Direct", false)]
    [TestCase("Direct/", false)]
    [TestCase("7/8", false)]
    public void A_pair_is_read_as_it_was_written(string text, bool isRead)
    {
        Assert.That(LayerAlgorithms.TryParse(text, out LayerAlgorithms algorithms), Is.EqualTo(isRead));
        if (isRead)
            Assert.That(algorithms.ToString(), Is.EqualTo(text));
    }

    private static VggModel Build(double width, int frames, int bands, Func<string, Func<string>, string> remember)
    {
        var model = new VggModel(new VggOptions(Width: width));
        var context = new ModelContext(new LabelSpace(["valence", "energy"]), null, [frames, bands], CPU, RandomStream.For("choices"));
        model.Build(context with { Remember = remember });
        model.SetTraining(false);
        return model;
    }
}
