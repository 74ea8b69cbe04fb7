using MerBench.Models.Exported.Onnx;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Models.Exported.Onnx.Operators;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Each operator by itself: its values against OnnxRuntime's, its gradients against differences.</summary>
public sealed class OnnxOperatorTests
{
    private const double Step = 1e-5;
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TestCaseSource(typeof(OperatorCases), nameof(OperatorCases.All))]
    public void An_operator_is_what_OnnxRuntime_computes(OperatorCase operation)
    {
        using var scope = NewDisposeScope();
        string path = _folder.File("operator.onnx");
        File.WriteAllBytes(path, operation.Graph.Write());
        OnnxFile file = GraphInspection.Read(path);
        Assert.That(GraphRunner.Complaints(file.Graph), Is.Empty);
        using var module = new OnnxModule(path, file, CPU);
        Tensor input = operation.Input();
        using (var runtime = new RuntimeModule(path, file))
        using (no_grad())
        {
            var (expected, answer) = (runtime.Forward(input), module.Forward(input));
            Assert.That(answer.Names, Is.EqualTo(expected.Names));
            foreach ((Tensor a, Tensor e) in answer.Tensors.Zip(expected.Tensors))
            {
                Assert.That(a.shape, Is.EqualTo(e.shape));
                double largest = Math.Max(1e-3, e.to(float64).abs().max().item<double>());
                double difference = a.to(float64).sub(e.to(float64)).abs().max().item<double>();
                Assert.That(difference, Is.LessThanOrEqualTo(1e-5 * largest));
            }
        }

        if (operation.HasGradient)
            RequireGradient(module, input.to(float64));
    }

    [Test]
    public void Every_operator_that_is_listed_is_tried()
    {
        HashSet<string> tried = [.. OperatorCases.All().SelectMany(c => ((OperatorCase)c.Arguments[0]!).Graph.Operators)];
        Assert.That(OperatorRegistry.Names.Except(tried), Is.Empty);
    }

    private static void RequireGradient(OnnxModule module, Tensor input)
    {
        module.ConvertTo(ScalarType.Float64);
        Tensor point = input.clone().requires_grad_();
        Sum(point).backward();
        Tensor direction = input.mul(0).add(sin(arange(input.numel(), float64).mul(1.7).add(0.3)).reshape(input.shape));
        using var guard = no_grad();
        double known = (Sum(input + (direction * Step)) - Sum(input - (direction * Step))).item<double>() / (2 * Step);
        double found = point.grad!.mul(direction).sum().item<double>();
        Assert.That(found, Is.EqualTo(known).Within(1e-6 * Math.Max(1, Math.Abs(known))));

        Tensor Sum(Tensor x)
        {
            Tensor y = module.Forward(x).Tensors[0];
            return y.mul(cos(arange(y.numel(), float64)).reshape(y.shape)).sum();
        }
    }
}
