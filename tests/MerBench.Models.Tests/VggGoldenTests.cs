using System.Text.Json;
using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against numbers that the paper's published PyTorch code computed.</summary>
public sealed class VggGoldenTests
{
    [TestCase("a2e", VggHead.Direct)]
    [TestCase("a2m2e", VggHead.Bottleneck)]
    public void Published_weights_give_the_published_codes_predictions(string system, VggHead head)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Build(head, dropout: 0.3);
        WeightsFile.LoadInto(model.State, SharedData.Path($"golden/seed6/{system}.pt"));
        SafetensorsFile expected = SafetensorsFile.Read(SharedData.Path($"golden/seed6/{system}_forward.safetensors"));
        using var evaluation = no_grad();
        ModelOutput output = model.Forward(Batch("x").squeeze(1));

        Assert.That(Difference(output.Emotion, expected.Tensors["output"]), Is.LessThan(1e-5));
        Assert.That(output.Concepts is not null, Is.EqualTo(head == VggHead.Bottleneck));
        if (output.Concepts is not null) Assert.That(Difference(output.Concepts, expected.Tensors["c_prob"]), Is.LessThan(1e-5));
    }

    [TestCase("a2e", VggHead.Direct)]
    [TestCase("a2m2e", VggHead.Bottleneck)]
    public void Twelve_training_steps_give_the_published_codes_losses(string system, VggHead head)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Build(head, dropout: 0);
        WeightsFile.LoadInto(model.State, SharedData.Path($"golden/seed6/{system}_init.pt"));
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"golden/seed6/{system}_reference.json")));
        double[] expected = [.. reference.RootElement.GetProperty("train_losses").EnumerateArray().Select(l => l.GetDouble())];
        Tensor input = Batch("x").squeeze(1), emotion = Batch("emotion"), concepts = Batch("midlevel");

        model.SetTraining(true);
        using var adam = optim.Adam(model.Parameters, lr: 5e-4);
        var losses = new List<double>();
        foreach (double _ in expected)
        {
            using var step = NewDisposeScope();
            adam.zero_grad();
            ModelOutput output = model.Forward(input);
            Tensor loss = nn.functional.mse_loss(output.Emotion, emotion);
            if (output.Concepts is not null) loss = (0.5 * loss) + (0.5 * nn.functional.mse_loss(output.Concepts, concepts));
            loss.backward();
            adam.step();
            losses.Add(loss.item<float>());
        }

        for (int i = 0; i < expected.Length; i++) TestContext.Out.WriteLine($"{i + 1} {losses[i]} {expected[i]} {Math.Abs(losses[i] / expected[i] - 1):p3}");
        for (int i = 0; i < expected.Length; i++) Assert.That(losses[i], Is.EqualTo(expected[i]).Within(0.1).Percent, $"loss of step {i + 1}");
    }

    private static VggModel Build(VggHead head, double dropout)
    {
        var model = new VggModel(new VggOptions(head, Dropout: dropout));
        model.Build(new ModelContext(Labels(8), Labels(7), [313, 149], CPU, RandomStream.For("golden")));
        return model;
    }

    private static LabelSpace Labels(int count) => new(Enumerable.Range(0, count).Select(i => $"label{i}"));

    private static Tensor Batch(string name) => SafetensorsFile.Read(SharedData.Path("golden/seed6/batch.safetensors")).Tensors[name].ToTensor();

    private static double Difference(Tensor actual, StoredTensor expected) => (actual - expected.ToTensor()).abs().max().item<float>();
}
