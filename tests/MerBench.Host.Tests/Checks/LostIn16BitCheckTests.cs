using MerBench.Host.Checks.Cells;
using static TorchSharp.torch;

namespace MerBench.Tests.Checks;

public sealed class LostIn16BitCheckTests
{
    [TestCase(2.1f, false)]
    [TestCase(1.9f, true)]
    public void At_least_half_of_the_gain_must_survive_a_file(float saved, bool isDoubted) =>
        Assert.That(
            new LostIn16BitCheck()
                .Examine(Evidence.HonestCell with { Clean = [1], Perturbed = [3], Saved = [saved] })
                .Select(d => d.Reason),
            isDoubted ? Is.EqualTo(new[] { "saved as 16-bit audio, 45 % of its gain is left" }) : Is.Empty
        );

    [Test]
    public void Features_are_not_saved_and_what_gained_nothing_has_nothing_to_lose()
    {
        Assert.That(new LostIn16BitCheck().Examine(Evidence.HonestCell), Is.Empty);
        Assert.That(new LostIn16BitCheck().Examine(Evidence.HonestCell with { Clean = [3], Perturbed = [3], Saved = [1] }), Is.Empty);
    }

    [Test]
    public void A_file_holds_steps_of_16_bit_and_no_more_than_full_scale()
    {
        using var scope = NewDisposeScope();
        Tensor read = LostIn16BitCheck.SaveAndRead(tensor(new[] { 0.4f / 32768, 0.6f / 32768, 1.5f, -1.5f }));
        Assert.That(read.data<float>().ToArray(), Is.EqualTo(new[] { 0, 1 / 32768f, 32767 / 32768f, -1 }));
    }
}
