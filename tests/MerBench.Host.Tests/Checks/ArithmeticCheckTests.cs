using System.Globalization;
using System.Text.RegularExpressions;
using MerBench.Host.Arithmetic;
using MerBench.Host.Checks;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Tests.Checks;

public sealed partial class ArithmeticCheckTests
{
    private const int Clips = 6;

    [TestCase(true)]
    [TestCase(false)]
    public void An_honest_network_is_not_doubted(bool hasCopy) => Assert.That(Doubts(Plants.Nothing, hasCopy), Is.Empty);

    [TestCase(true)]
    [TestCase(false)]
    public void An_honest_network_is_not_doubted_on_silence(bool hasCopy) =>
        Assert.That(Doubts(Plants.Nothing, hasCopy, zeros(Clips, PlantedNetwork.Frames, PlantedNetwork.Bands)), Is.Empty);

    [TestCase(true, "float64")]
    [TestCase(false, "float32")]
    public void A_backward_that_is_5_percent_too_long_is_doubted_with_both_slopes(bool hasCopy, string format)
    {
        Doubt doubt = Doubts(Plants.BackwardOffByFivePercent, hasCopy).Single();
        Assert.That(doubt.Check, Is.EqualTo("gradient-wrong"));
        Assert.That(doubt.Reason, Does.Contain(format));
        double claimed = Number(doubt, ClaimedSlope()),
            measured = Number(doubt, MeasuredSlope());
        Assert.That(measured / claimed, Is.EqualTo(1 / 1.05).Within(hasCopy ? 1e-3 : 1e-2));
    }

    [Test]
    public void A_gradient_that_is_wrong_in_the_last_channels_is_doubted_with_its_cosine()
    {
        Doubt doubt = Doubts(Plants.LastChannelsOfGradientWrong, hasCopy: true).Single();
        Assert.That(doubt.Check, Is.EqualTo("gradient-wrong"));
        Assert.That(
            doubt.Reason,
            Does.StartWith("its gradient in fp32 is not that of the same model in float64")
                .And.Contain("merbench doctor")
                .And.Contain($"worst of {Clips} clips")
        );
        Assert.That(Number(doubt, Cosine()), Is.InRange(0.3, 0.99));
    }

    [Test]
    public void Where_there_is_no_copy_differences_show_a_gradient_that_is_wrong_in_the_last_channels()
    {
        Doubt doubt = Doubts(Plants.LastChannelsOfGradientWrong, hasCopy: false).Single();
        Assert.That(doubt.Check, Is.EqualTo("gradient-wrong"));
        Assert.That(doubt.Reason, Does.Contain("in float32"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_gradient_of_the_right_length_at_the_wrong_place_is_doubted(bool hasCopy) =>
        Assert.That(Doubts(Plants.GradientShifted, hasCopy).Select(d => d.Check), Is.EqualTo(new[] { "gradient-wrong" }));

    [Test]
    public void A_prediction_that_float64_does_not_confirm_is_doubted()
    {
        Doubt doubt = Doubts(Plants.ForwardWrongInSingle, hasCopy: true)[0];
        Assert.That(doubt.Check, Is.EqualTo("prediction-wrong"));
        Assert.That(doubt.Reason, Does.Contain("0.0001 is allowed").And.Contain("merbench doctor"));
    }

    [Test]
    public void A_form_for_attacks_with_a_wrong_gradient_is_told_from_its_model()
    {
        using var scope = NewDisposeScope();
        using PlantedNetwork model = PlantedNetwork.Built(Plants.Nothing),
            form = PlantedNetwork.Built(Plants.LastChannelsOfGradientWrong);
        using IModel copy = DoublePrecision.Copy(model, () => PlantedNetwork.Built(Plants.Nothing))!;
        Doubt doubt = Examine(new ModelForms(model.Forward, form.Forward, copy.Forward), Sounds()).Single();
        Assert.That(doubt.Reason, Does.StartWith("the gradient of its form for attacks"));
    }

    [Test]
    public void A_rounded_form_may_lose_what_rounding_loses_and_no_more()
    {
        using var scope = NewDisposeScope();
        using PlantedNetwork model = PlantedNetwork.Built(Plants.Nothing),
            rounded = PlantedNetwork.Built(map => map.to(ScalarType.BFloat16).to(ScalarType.Float32)),
            wrong = PlantedNetwork.Built(Plants.GradientShifted);
        using IModel copy = DoublePrecision.Copy(model, () => PlantedNetwork.Built(Plants.Nothing))!;
        var forms = new ModelForms(model.Forward, model.Forward, copy.Forward);
        Assert.That(Examine(forms with { Rounded = (rounded.Forward, Precision.Bf16) }, Sounds()), Is.Empty);
        Doubt doubt = Examine(forms with { Rounded = (wrong.Forward, Precision.Bf16) }, Sounds()).Single();
        Assert.That(doubt.Reason, Does.StartWith("its gradient in bf16 is further from the right one than rounding explains"));
    }

    [Test]
    public void A_network_that_names_its_format_is_compared_with_differences()
    {
        using var scope = NewDisposeScope();
        using PlantedNetwork model = PlantedNetwork.Built(Plants.SingleOnly);
        using IModel copy = DoublePrecision.Copy(model, () => PlantedNetwork.Built(Plants.SingleOnly))!;
        Assert.That(() => copy.Forward(Sounds().to(ScalarType.Float64)), Throws.Exception, "it does not convert");
        Assert.That(Examine(new ModelForms(model.Forward, model.Forward, copy.Forward), Sounds()), Is.Empty);
        using PlantedNetwork wrong = PlantedNetwork.Built(map => Plants.BackwardOffByFivePercent(Plants.SingleOnly(map)));
        Assert.That(
            Examine(new ModelForms(wrong.Forward, wrong.Forward, copy.Forward), Sounds()).Select(d => d.Check),
            Is.EqualTo(new[] { "gradient-wrong" })
        );
    }

    [Test]
    public void A_copy_has_the_weights_of_its_model_and_leaves_it_as_it_is()
    {
        using var scope = NewDisposeScope();
        using PlantedNetwork model = PlantedNetwork.Built(Plants.Nothing);
        using (no_grad())
            foreach (Tensor value in model.State.Values.Where(v => v.is_floating_point()))
                value.add_(0.01);
        using IModel copy = DoublePrecision.Copy(model, () => PlantedNetwork.Built(Plants.Nothing))!;
        Assert.That(copy.State.Where(s => s.Value.is_floating_point()).Select(s => s.Value.dtype), Is.All.EqualTo(ScalarType.Float64));
        Assert.That(copy.State.Select(s => (s.Value.to(ScalarType.Float32) - model.State[s.Key]).abs().max().item<float>()), Is.All.Zero);
        Assert.That(model.State["head.4.weight"].dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void A_model_that_offers_no_copy_or_fails_to_make_one_has_none()
    {
        using var scope = NewDisposeScope();
        using PlantedNetwork model = PlantedNetwork.Built(Plants.Nothing);
        using ToyModel toy = ToyModel.Built();
        Assert.That(DoublePrecision.Copy(toy, () => ToyModel.Built()), Is.Null);
        Assert.That(DoublePrecision.Copy(model, null), Is.Null);
        Assert.That(DoublePrecision.Copy(model, () => throw new PluginUserException("not twice")), Is.Null);
    }

    private static IReadOnlyList<Doubt> Doubts(Func<Tensor, Tensor> plant, bool hasCopy, Tensor? clips = null)
    {
        using var scope = NewDisposeScope();
        using PlantedNetwork model = PlantedNetwork.Built(plant);
        using IModel? copy = hasCopy ? DoublePrecision.Copy(model, () => PlantedNetwork.Built(plant)) : null;
        return Examine(new ModelForms(model.Forward, model.Forward, copy is null ? null : copy.Forward), clips ?? Sounds());
    }

    private static IReadOnlyList<Doubt> Examine(ModelForms forms, Tensor clips) =>
        Examination.ExamineArithmetic(forms, clips, 1, RandomStream.For("test"));

    private static Tensor Sounds() =>
        GradientProbe.Normal([Clips, PlantedNetwork.Frames, PlantedNetwork.Bands], RandomStream.For("sounds"));

    private static double Number(Doubt doubt, Regex pattern) =>
        double.Parse(pattern.Match(doubt.Reason).Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("claims a slope of (?<number>[-0-9.e]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClaimedSlope();

    [GeneratedRegex("have one of (?<number>[-0-9.e]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MeasuredSlope();

    [GeneratedRegex("cosine (?<number>[-0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cosine();
}
