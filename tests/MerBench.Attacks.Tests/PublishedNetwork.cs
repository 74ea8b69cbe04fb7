using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Networks that the paper's published code trained, with the clips that it attacked; skips the running test where they are
/// absent.</summary>
internal static class PublishedNetwork
{
    /// <summary>As attacks get it: in evaluation mode, parameters without gradients.</summary>
    public static VggModel Load(string system)
    {
        var model = new VggModel(new VggOptions(HeadOf(system)));
        model.Build(new ModelContext(Labels(8), Labels(7), [313, 149], CPU, RandomStream.For("golden")));
        WeightsFile.LoadInto(model.State, WeightsOf(system));
        model.SetTraining(false);
        foreach (TorchSharp.Modules.Parameter parameter in model.Parameters)
            parameter.requires_grad_(false);
        return model;
    }

    /// <summary>The same function in double precision.</summary>
    public static VggNetwork LoadExact(string system)
    {
        var network = new VggNetwork(8, HeadOf(system) == VggHead.Bottleneck ? 7 : null, width: 1, dropout: 0);
        WeightsFile.LoadInto(network.state_dict(), WeightsOf(system));
        network.to(float64);
        network.eval();
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            parameter.requires_grad_(false);
        return network;
    }

    /// <summary>Spectrograms <c>[B, T, F]</c>.</summary>
    public static Tensor Inputs(int clips) => Batch.Tensors["x"].ToTensor()[..clips].squeeze(1);

    /// <summary>Ratings <c>[B, E]</c>.</summary>
    public static Tensor Ratings(int clips) => Batch.Tensors["emotion"].ToTensor()[..clips];

    /// <summary>Gradient of the squared error to the input, in the precision of the input.</summary>
    public static Tensor Gradient(Func<Tensor, Tensor> predict, Tensor input, Tensor ratings)
    {
        using var scope = NewDisposeScope();
        Tensor point = input.detach().clone().requires_grad_();
        return autograd.grad([(predict(point) - ratings).square().sum()], [point])[0].MoveToOuterDisposeScope();
    }

    private static VggHead HeadOf(string system) => system == "a2e" ? VggHead.Direct : VggHead.Bottleneck;

    private static string WeightsOf(string system) => SharedData.Path($"golden/seed6/{system}.pt");

    private static SafetensorsFile Batch => SafetensorsFile.Read(SharedData.Path("golden/seed6/batch.safetensors"));

    private static LabelSpace Labels(int count) => new(Enumerable.Range(0, count).Select(i => $"label{i}"));
}
