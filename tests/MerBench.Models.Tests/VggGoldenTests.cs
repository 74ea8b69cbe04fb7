using System.Text.Json;
using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against numbers that the paper's published PyTorch code computed.</summary>
public sealed class VggGoldenTests
{
    private const double LearningRate = 5e-4;

    /// <summary>How far the loss after one step may be away, in %; up to 0.02 was measured.</summary>
    private const double SecondStep = 0.1;

    [TestCase("a2e", VggHead.Direct)]
    [TestCase("a2m2e", VggHead.Bottleneck)]
    public void Published_weights_give_the_published_codes_predictions(string system, VggHead head)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Build(head);
        WeightsFile.LoadInto(model.State, SharedData.Path($"golden/seed6/{system}.pt"));
        SafetensorsFile expected = SafetensorsFile.Read(SharedData.Path($"golden/seed6/{system}_forward.safetensors"));
        using var evaluation = no_grad();
        ModelOutput output = model.Forward(Batch("x").squeeze(1));

        Assert.That(Difference(output.Emotion, expected.Tensors["output"]), Is.LessThan(1e-5));
        Assert.That(output.Concepts is not null, Is.EqualTo(head == VggHead.Bottleneck));
        if (output.Concepts is not null)
            Assert.That(Difference(output.Concepts, expected.Tensors["c_prob"]), Is.LessThan(1e-5));
    }

    /// <summary>
    /// Adam's first steps follow the sign of each gradient, so rounding grows quickly, and other processors round otherwise. The published
    /// code itself,
    /// run with another convolution kernel (oneDNN off), is 0.3 % away from these losses at step 4 and 3.9 % at step 12. In double
    /// precision this
    /// network is 0.02 % away at steps 2 and 3, and up to 2.4 % later. Largest distances under oneDNN's kernels for avx2, avx and sse41
    /// (with
    /// torch's scalar kernels): 0.00005 % at step 1, 0.02 at 2, 0.11 at 3, 1.7 at 4 to 6, 4.8 later. The next two tests are the sharp ones.
    /// </summary>
    [TestCase("a2e", VggHead.Direct, Category = "Slow", Explicit = true, Reason = "The other head takes as long again.")]
    [TestCase("a2m2e", VggHead.Bottleneck, Category = "Slow", Explicit = true, Reason = "First steps are compared beside.")]
    public void Twelve_training_steps_give_the_published_codes_losses_as_far_as_single_precision_determines_them(
        string system,
        VggHead head
    )
    {
        using var scope = NewDisposeScope();
        double[] expected = PublishedLosses(system);
        List<double> losses = Train(system, head, float32, Batch("x").squeeze(1));
        IEnumerable<string> away = losses.Zip(expected, (l, e) => FormattableString.Invariant($"{((l / e) - 1) * 100:0.0000}"));
        TestContext.Out.WriteLine($"{system}, % away: {string.Join(' ', away)}");
        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < expected.Length; i++)
                Assert.That(
                    losses[i],
                    Is.EqualTo(expected[i])
                        .Within(
                            i switch
                            {
                                0 => 0.001,
                                1 => SecondStep,
                                2 => 0.5,
                                < 6 => 5,
                                _ => 10,
                            }
                        )
                        .Percent,
                    $"loss of step {i + 1}"
                );
        }
    }

    [TestCase("a2e", VggHead.Direct)]
    [TestCase("a2m2e", VggHead.Bottleneck, Category = "Slow", Explicit = true, Reason = "The same of another system.")]
    public void A_first_step_of_another_length_or_from_another_loss_would_be_noticed(string system, VggHead head)
    {
        using var scope = NewDisposeScope();
        double expected = PublishedLosses(system)[1];
        double longer = Train(system, head, float32, Batch("x").squeeze(1), steps: 2, learningRate: 1.02 * LearningRate)[1];
        double elsewhere = Train(system, head, float32, Batch("x").squeeze(1).roll(1, 1), steps: 2)[1];
        TestContext.Out.WriteLine(
            FormattableString.Invariant(
                $"{system}: {((longer / expected) - 1) * 100:0.000} %, {((elsewhere / expected) - 1) * 100:0.000} %"
            )
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(longer, Is.Not.EqualTo(expected).Within(SecondStep).Percent);
            Assert.That(elsewhere, Is.Not.EqualTo(expected).Within(SecondStep).Percent);
        }
    }

    [TestCase("a2e", VggHead.Direct)]
    [TestCase("a2m2e", VggHead.Bottleneck)]
    public void In_double_precision_twelve_training_steps_give_PyTorchs_losses(string system, VggHead head)
    {
        using var scope = NewDisposeScope();
        string fixture = Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures", "vgg_double_precision.json");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(fixture));
        double[] expected = Numbers(reference.RootElement.GetProperty(system));
        List<double> losses = Train(system, head, float64, Batch("x").squeeze(1)[.., ..48, ..56].contiguous());
        Assert.That(losses, Is.EqualTo(expected).Within(1e-4).Percent);
    }

    private static double[] PublishedLosses(string system)
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"golden/seed6/{system}_reference.json")));
        return Numbers(reference.RootElement.GetProperty("train_losses"));
    }

    private static List<double> Train(
        string system,
        VggHead head,
        ScalarType precision,
        Tensor input,
        int steps = 12,
        double learningRate = LearningRate
    )
    {
        using var network = new VggNetwork(8, head == VggHead.Bottleneck ? 7 : null, width: 1, dropout: 0);
        WeightsFile.LoadInto(network.state_dict(), SharedData.Path($"golden/seed6/{system}_init.pt"));
        network.to(precision);
        Tensor emotion = Batch("emotion").to(precision),
            concepts = Batch("midlevel").to(precision);
        input = input.to(precision);
        network.train();
        using var adam = optim.Adam(network.parameters(), lr: learningRate);
        var losses = new List<double>();
        for (int i = 0; i < steps; i++)
        {
            using var step = NewDisposeScope();
            adam.zero_grad();
            (Tensor predicted, Tensor? units) = network.call(input.unsqueeze(1));
            Tensor loss = nn.functional.mse_loss(predicted, emotion);
            if (units is not null)
                loss = (0.5 * loss) + (0.5 * nn.functional.mse_loss(units, concepts));
            loss.backward();
            adam.step();
            losses.Add(loss.to(float64).item<double>());
        }

        return losses;
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(l => l.GetDouble())];

    private static VggModel Build(VggHead head)
    {
        var model = new VggModel(new VggOptions(head));
        model.Build(new ModelContext(Labels(8), Labels(7), [313, 149], CPU, RandomStream.For("golden")));
        return model;
    }

    private static LabelSpace Labels(int count) => new(Enumerable.Range(0, count).Select(i => $"label{i}"));

    private static Tensor Batch(string name) =>
        SafetensorsFile.Read(SharedData.Path("golden/seed6/batch.safetensors")).Tensors[name].ToTensor();

    private static double Difference(Tensor actual, StoredTensor expected) => (actual - expected.ToTensor()).abs().max().item<float>();
}
