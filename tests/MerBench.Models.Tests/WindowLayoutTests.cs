using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Recurrent networks that are given the windows of a clip together.</summary>
public sealed class WindowLayoutTests
{
    private static readonly LabelSpace s_two = new(["valence", "arousal"]);

    [TestCase(12)]
    [TestCase(10, Description = "the last window ends with the clip")]
    public void The_windows_of_a_clip_stand_in_an_axis_of_their_own_as_the_graph_declares_them(int frames)
    {
        using var scope = NewDisposeScope();
        using var module = new Declared([null, 3, 1, 5, 4], input => input.mean([2, 3, 4]).narrow(1, 0, 2));
        using ModelAdapter adapter = Fit(module, frames);
        Tensor clips = randn(2, frames, 5).requires_grad_();
        Tensor emotions = adapter.Forward(module, clips).Emotion;
        Tensor[] windows = [clips.narrow(1, 0, 4), clips.narrow(1, 4, 4)];
        Assert.That(emotions.allclose(stack([.. windows.Select(w => w.mean([1, 2]))], 1), rtol: 1e-5, atol: 1e-6));
        Assert.That(autograd.grad([emotions.sum()], [clips])[0].norm().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void An_answer_for_each_window_is_averaged()
    {
        using var scope = NewDisposeScope();
        using var module = new Declared([null, 3, 1, 5, 4], input => input.mean([2, 4]).narrow(2, 0, 2));
        using ModelAdapter adapter = Fit(module, 12);
        Tensor clips = randn(2, 12, 5);
        Assert.That(adapter.Forward(module, clips).Emotion.allclose(clips.mean([1])[.., ..2], rtol: 1e-5, atol: 1e-6));
    }

    [Test]
    public void Another_number_of_windows_than_declared_is_refused_with_the_length_to_choose()
    {
        using var module = new Declared([null, 3, 1, 5, 4], input => input.mean([2, 3, 4]).narrow(1, 0, 2));
        Assert.That(
            () => Fit(module, 22),
            Throws
                .InstanceOf<PluginUserException>()
                .With.Message.Contains(
                    "It takes 3 windows of 4 frames together, and a clip of 22 frames has 6: choose an 'excerpt' of 12 frames"
                )
        );
    }

    private static ModelAdapter Fit(Declared module, int frames) =>
        ModelAdapter.Fit(
            module,
            new OnnxOptions("declared.onnx"),
            new ModelContext(s_two, null, [frames, 5], CPU, RandomStream.For("windows"))
        );

    private sealed class Declared(long?[] shape, Func<Tensor, Tensor> compute) : IExportedModule
    {
        public string File => "declared.onnx";

        public ModuleMetadata Metadata => ModuleMetadata.None;

        public IReadOnlyList<long?> DeclaredInput => shape;

        public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(StringComparer.Ordinal);

        public NamedOutputs Forward(Tensor input)
        {
            bool fits = input.dim() == shape.Length && shape.Zip(input.shape).All(d => d.First is null || d.First == d.Second);
            return fits ? new NamedOutputs([compute(input)]) : throw new InvalidOperationException("it was exported for other inputs");
        }

        public void Dispose() { }
    }
}
