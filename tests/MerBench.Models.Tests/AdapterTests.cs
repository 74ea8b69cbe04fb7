using System.Text.Json;
using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.TorchScript;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>What modules take and return is found by asking them, or said by options; answers are PyTorch's
/// (fixtures/make_exported.py).</summary>
public sealed class AdapterTests
{
    private static readonly LabelSpace s_three = new(["valence", "arousal", "calm"]);

    // What takes one length alone cannot be told from what takes features before that length is known.
    private static TorchScriptOptions Whole { get; } = new(Fixture("whole")) { Input = Domain.Waveform };

    [Test]
    public void A_waveform_is_recognised_and_labels_of_the_file_give_the_order()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("plain")), s_three, 8000, 4000);
        Assert.That(model.Input, Is.EqualTo(Domain.Waveform));
        double[] known = ExportedFixture.Numbers("plain");
        Assert.That(Predict(model, 2, 4000), Is.EqualTo(new[] { known[1], known[2], known[0], known[4], known[5], known[3] }).Within(1e-5));
    }

    [Test]
    public void Another_rate_than_the_files_is_resampled_and_a_contradiction_refused()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel twice = Build(new TorchScriptOptions(Fixture("plain")), s_three, 16_000, 8000);
        using TorchScriptModel same = Build(new TorchScriptOptions(Fixture("plain")), s_three, 8000, 4000);
        using var resampler = new Resampler(16_000, 8000);
        Tensor clips = ExportedFixture.Ramp(2, 8000);
        Assert.That(twice.Forward(clips).Emotion.allclose(same.Forward(resampler.Resample(clips)).Emotion, rtol: 1e-5, atol: 1e-6));
        Assert.That(
            () => Build(new TorchScriptOptions(Fixture("plain")) { SampleRate = 4000 }, s_three, 16_000, 8000),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("reads waveforms of 8000 Hz, and 'sample-rate' tells it 4000")
        );
    }

    [Test]
    public void An_attribute_says_the_rate_and_a_channel_is_found()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("rated")), s_three, 8000, 8000);
        Assert.That(model.Input, Is.EqualTo(Domain.Waveform));
        Assert.That(
            () => Build(new TorchScriptOptions(Fixture("rated")) { SampleRate = 8000 }, s_three, 8000, 8000),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("reads waveforms of 4000 Hz")
        );
    }

    [Test]
    public void Outputs_of_a_dictionary_are_found_by_name_with_gradients()
    {
        using var scope = NewDisposeScope();
        double[] known = ExportedFixture.Numbers("dictionary");
        using TorchScriptModel model = Build(
            new TorchScriptOptions(Fixture("dictionary")),
            new LabelSpace(["valence", "arousal"]),
            0,
            4000
        );
        Tensor clips = ExportedFixture.Ramp(2, 4000).requires_grad_();
        Tensor emotions = model.Forward(clips).Emotion;
        Assert.That(Values(emotions), Is.EqualTo(new[] { known[1], known[0], known[4], known[3] }).Within(1e-5));
        Assert.That(autograd.grad([emotions.sum()], [clips])[0].norm().item<float>(), Is.GreaterThan(1e-4));
        using TorchScriptModel whole = Build(new TorchScriptOptions(Fixture("dictionary")) { Output = "logits" }, s_three, 0, 4000);
        Assert.That(Predict(whole, 2, 4000), Is.EqualTo(known).Within(1e-5));
    }

    [Test]
    public void Labels_are_columns_squashed_and_scaled_as_options_say()
    {
        using var scope = NewDisposeScope();
        double[] known = ExportedFixture.Numbers("dictionary");
        var options = new TorchScriptOptions(Fixture("dictionary"))
        {
            Output = "logits",
            Labels = ["arousal", "valence", "other"],
            Emotions = new Dictionary<string, OutputChoice>(StringComparer.Ordinal)
            {
                ["happy"] = new("valence", Through: OutputSquash.Sigmoid),
                ["energy"] = new("0", [1, 9]),
                ["other"] = new(Through: OutputSquash.Softmax),
            },
        };
        using TorchScriptModel model = Build(options, new LabelSpace(["energy", "happy", "other"], 0, 10), 0, 4000);
        double[] found = Predict(model, 1, 4000);
        double softmax = Math.Exp(known[2]) / (Math.Exp(known[0]) + Math.Exp(known[1]) + Math.Exp(known[2]));
        Assert.That(found, Is.EqualTo(new[] { (known[0] - 1) / 8 * 10, 10 / (1 + Math.Exp(-known[1])), 10 * softmax }).Within(1e-4));
    }

    [TestCase("valence, arousal", "'emotions' says nothing of calm")]
    [TestCase("valence, arousal, calm, joy", "'emotions' names joy, which the dataset does not rate")]
    public void Labels_that_are_not_the_datasets_are_refused(string named, string complaint)
    {
        var choices = named.Split(", ").ToDictionary(name => name, _ => new OutputChoice("0"), StringComparer.Ordinal);
        Assert.That(
            () => Build(new TorchScriptOptions(Fixture("plain")) { Emotions = choices }, s_three, 8000, 4000),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains(complaint)
        );
    }

    [Test]
    public void Inner_tuples_and_lists_are_outputs_in_their_order()
    {
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("nested")) { Output = "1" }, s_three, 0, 4000);
        Assert.That(Predict(model, 2, 4000), Has.Length.EqualTo(6));
    }

    [Test]
    public void Half_precision_is_widened()
    {
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("half")), s_three, 0, 4000);
        Assert.That(Predict(model, 2, 4000), Is.EqualTo(ExportedFixture.Numbers("half")).Within(1e-5));
    }

    [Test]
    public void A_module_of_one_length_hears_a_longer_clip_in_windows_whose_answers_are_averaged()
    {
        JsonElement[] windows = [.. ExportedFixture.Answers().GetProperty("whole").EnumerateArray()];
        double[] mean = [.. Enumerable.Range(0, 6).Select(i => windows.Average(w => w[i].GetDouble()))];
        using TorchScriptModel found = Build(Whole, s_three, 2000, 10_000),
            told = Build(Whole with { Length = new LengthOptions(2) }, s_three, 2000, 10_000);
        Assert.That(Predict(found, 2, 10_000), Is.EqualTo(mean).Within(1e-5));
        Assert.That(Predict(told, 2, 10_000), Is.EqualTo(mean).Within(1e-5));
    }

    [Test]
    public void Shorter_clips_are_filled_with_silence_or_looped()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel pads = Build(Whole, s_three, 2000, 1500),
            loops = Build(Whole with { Length = new LengthOptions(Samples: 4000, Fill: ClipFilling.Loop) }, s_three, 2000, 1500),
            whole = Build(Whole, s_three, 2000, 4000);
        Tensor clip = ExportedFixture.Ramp(2, 1500);
        Assert.That(pads.Forward(clip).Emotion.allclose(whole.Forward(cat([clip, zeros(2, 2500)], 1)).Emotion));
        Assert.That(loops.Forward(clip).Emotion.allclose(whole.Forward(cat([clip, clip, clip[.., ..1000]], 1)).Emotion));
    }

    [Test]
    public void A_module_traced_with_one_clip_is_asked_clip_by_clip()
    {
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("single")), s_three, 0, 4000);
        Assert.That(Predict(model, 2, 4000), Is.EqualTo(ExportedFixture.Numbers("single")).Within(1e-5));
    }

    [Test]
    public void An_answer_for_each_moment_is_a_prediction_over_time()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("frames")) { Input = Domain.Waveform }, s_three, 0, 4000);
        Tensor emotion = model.Forward(ExportedFixture.Ramp(2, 4000)).Emotion;
        Assert.That((emotion.dim(), emotion.shape[0], emotion.shape[2]), Is.EqualTo((3L, 2L, 3L)));
        Assert.That(emotion.shape[1], Is.GreaterThan(1));
        Tensor alone = model.Forward(ExportedFixture.Ramp(2, 4000)[1..]).Emotion;
        Assert.That(alone.allclose(emotion[1..]), "moments of one clip are not those of another");
    }

    [TestCase("eight", "takes 8 clips at a time only, as it was traced")]
    [TestCase("in_place", "changes its input in place")]
    [TestCase("counting", "changes its buffers when it is asked (asked)")]
    [TestCase("dropping", "answers otherwise when it is asked again for the same clip, as one that was traced with dropout on")]
    [TestCase("mixed", "returns something else than tensors, tuples, lists or a dictionary of tensors")]
    public void A_module_that_cannot_be_attacked_is_named_by_its_cause(string name, string cause)
    {
        PluginUserException error = Assert.Throws<PluginUserException>(() =>
            Build(new TorchScriptOptions(Fixture(name)) { Input = Domain.Waveform }, s_three, 0, 4000)
        )!;
        Assert.That(error.Message, Does.StartWith(Fixture(name)).And.Contain(cause).And.Not.Contain("\n").And.EndsWith("."));
    }

    private static TorchScriptModel Build(TorchScriptOptions options, LabelSpace emotions, int rate, long samples)
    {
        var model = new TorchScriptModel(options);
        try
        {
            model.Build(new ModelContext(emotions, null, [samples], CPU, RandomStream.For("adapter")) { SampleRate = rate });
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static double[] Predict(TorchScriptModel model, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return Values(model.Forward(ExportedFixture.Ramp(shape)).Emotion);
    }

    private static double[] Values(Tensor tensor) => [.. tensor.data<float>().Select(v => (double)v)];

    private static string Fixture(string name) => ExportedFixture.Path($"exported_{name}.pt");
}
