using MerBench.FrontEnds.Madmom;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class BatchTests
{
    [Test]
    public void A_clip_has_the_same_features_alone_and_among_others()
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new MadmomLog(new MadmomLogOptions());
        manual_seed(1);
        Tensor clips = randn(4, 30_000);
        Tensor together = frontEnd.Transform(clips);
        for (int i = 0; i < 4; i++)
        {
            Tensor alone = frontEnd.Transform(clips.narrow(0, i, 1));
            Assert.That((together.narrow(0, i, 1) - alone).abs().max().item<float>(), Is.LessThanOrEqualTo(1e-6f));
        }
    }

    [TestCase(1, 1)]
    [TestCase(704, 1)]
    [TestCase(705, 2)]
    [TestCase(220_500, 313)]
    public void There_are_as_many_frames_as_hops_begin_within_the_clip(int samples, int frames)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new MadmomLog(new MadmomLogOptions());
        Assert.That(frontEnd.Transform(zeros(2, samples)).shape, Is.EqualTo(new long[] { 2, frames, 149 }));
    }

    [Test]
    public void Only_the_features_reach_the_callers_scope()
    {
        using var frontEnd = new MadmomLog(new MadmomLogOptions());
        using var scope = NewDisposeScope();
        frontEnd.Transform(rand(1, 3000));
        Assert.That(scope.DisposablesCount, Is.EqualTo(2), "input and features");
    }

    [Test]
    public void Other_settings_give_other_shapes()
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new MadmomLog(new MadmomLogOptions(FramesPerSecond: 10, BandsPerOctave: 12));
        Tensor features = frontEnd.Transform(rand(1, 22_050));
        Assert.That(features.shape[1], Is.EqualTo(10));
        Assert.That(features.shape[2], Is.InRange(80, 110));
    }

    [Test]
    public void Settings_without_a_single_filter_are_refused_with_a_reason() =>
        Assert.That(
            () => new MadmomLog(new MadmomLogOptions(MinimumFrequency: 500, MaximumFrequency: 400)),
            Throws.TypeOf<PluginUserException>().With.Message.Contains("minimum-frequency 500")
        );
}
