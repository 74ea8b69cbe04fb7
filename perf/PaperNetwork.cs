using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>The study's network at full size, with weights of one seed and inputs like its own.</summary>
internal static class PaperNetwork
{
    public const int Frames = 313,
        Bands = 149,
        Emotions = 8;

    public static readonly LabelSpace Labels = new(Enumerable.Range(0, Emotions).Select(i => $"emotion {i}"));

    public static VggModel Create(double width = 1, Device? device = null)
    {
        var model = new VggModel(new VggOptions(Width: width));
        model.Build(new ModelContext(Labels, null, [Frames, Bands], device ?? CPU, RandomStream.For("perf")));
        model.SetTraining(false);
        return model;
    }

    public static void Freeze(VggModel model)
    {
        foreach (TorchSharp.Modules.Parameter parameter in model.Parameters)
            parameter.requires_grad_(false);
    }

    public static AttackContext Context(Func<Tensor, ModelOutput> forward, int batch, Device? device = null) =>
        Context(forward, batch, new Budget(Norm.Linf, 0.03), device);

    public static AttackContext Context(Func<Tensor, ModelOutput> forward, int batch, Budget? budget, Device? device = null)
    {
        manual_seed(1);
        return new AttackContext(
            forward,
            randn(batch, Frames, Bands).to(device ?? CPU),
            rand(batch, Emotions).to(device ?? CPU),
            Objective.Mse,
            [.. Enumerable.Range(0, batch).Select(i => RandomStream.For("perf", FormattableString.Invariant($"{i}")))]
        )
        {
            Budget = budget,
        };
    }
}
