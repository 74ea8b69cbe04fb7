using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>A module that is to be attacked is a function: of its input alone, and without a trace of having been asked.</summary>
internal static class ModuleNature
{
    private const double MostDifferent = 1e-4;

    /// <param name="input">As the module takes it.</param>
    /// <exception cref="PluginUserException">It changes its input, its buffers or its answer.</exception>
    public static void Require(IExportedModule module, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor given = input.clone();
        (string Name, double Sum, double Squares)[] before = Summaries(module);
        NamedOutputs first = module.Forward(given);
        if (given.ne(input).any().item<bool>())
            throw new PluginUserException(
                $"{module.File} changes its input in place, which nothing can be differentiated through; export it with 'x = x.clone()' at "
                    + $"the beginning of forward."
            );
        string[] changed = [.. before.Zip(Summaries(module)).Where(p => p.First != p.Second).Select(p => p.First.Name)];
        if (changed.Length > 0)
            throw new PluginUserException(
                $"{module.File} changes its buffers when it is asked ({ShortList.Write(changed)}), so that its answer depends on what was "
                    + $"asked before; export it after model.eval()."
            );
        NamedOutputs second = module.Forward(input.clone());
        if (first.Tensors.Zip(second.Tensors).Any(p => !IsSame(p.First, p.Second)))
            throw new PluginUserException(
                $"{module.File} answers otherwise when it is asked again for the same clip, as one that was traced with dropout on, or "
                    + $"that draws random numbers; export it after model.eval()."
            );
    }

    private static (string Name, double Sum, double Squares)[] Summaries(IExportedModule module) =>
        [.. module.State.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, Sum(s.Value), Sum(s.Value.to(float64).square())))];

    private static double Sum(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.to(float64).sum().item<double>();
    }

    private static bool IsSame(Tensor first, Tensor second)
    {
        if (!first.shape.SequenceEqual(second.shape))
            return false;
        Tensor known = first.to(float64);
        double largest = known.numel() == 0 ? 0 : known.abs().max().item<double>();
        return known.numel() == 0 || (known - second.to(float64)).abs().max().item<double>() <= MostDifferent * (largest + 1e-3);
    }
}
