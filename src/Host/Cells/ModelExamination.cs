using MerBench.Host.Arithmetic;
using MerBench.Host.Checks;
using MerBench.Host.Checks.Models;
using MerBench.Host.Data;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Gathers on a few test clips what the checks of a model look at, and asks them.</summary>
/// <param name="model">The model with its weights.</param>
/// <param name="plugin">The same as the plugin made it.</param>
/// <param name="build">Builds another instance of it; null where the checks have to do without.</param>
internal sealed class ModelExamination(LoadedModel model, IModel plugin, Func<IModel>? build, PreparedDataset data, Device device)
{
    private const int Clips = 8;

    // In float64 they cost most: of a large network fewer tell as much.
    private const int FewestInDouble = 2;
    private const int ClipsOfUnknownCost = 4;
    private const double FlopsInDouble = 16e9;

    public IReadOnlyList<Doubt> Examine(Domain domain)
    {
        using var scope = NewDisposeScope();
        using IDisposable products = MatrixProducts.In(Precision.Fp32);
        LabelledClips all = data.Inputs(Split.Test, domain);
        Tensor clips = Lent.Copy(all.Input[TensorIndex.Slice(0, Math.Min(Clips, all.Count))].to(device));
        Func<Tensor, ModelOutput> map = model.From(domain);
        IModel? copy = null;
        try
        {
            return Examination.ExamineModel(
                new ModelEvidence
                {
                    Scale = data.Emotions.Maximum - data.Emotions.Minimum,
                    HasStandInGradient = model.Defended is { HasStandInGradient: true },
                    GatherPredictions = () => PredictionEvidence.Gather(map, plugin.State, clips),
                    GatherGradient = () => GradientEvidence.Gather(map, clips, RandomStream.For("model checks")),
                    GatherArithmetic = GatherArithmetic,
                }
            );
        }
        finally
        {
            copy?.Dispose();
        }

        ArithmeticEvidence GatherArithmetic()
        {
            copy = DoublePrecision.Copy(plugin, build);
            var forms = new ModelForms(map, FormForAttacks(domain, Precision.Fp32), copy is null ? null : model.Map(domain, copy.Forward))
            {
                Rounded = model.Precision == Precision.Fp32 ? null : (FormForAttacks(domain, model.Precision), model.Precision),
            };
            Tensor few = clips[TensorIndex.Slice(0, Math.Min(CountInDouble(), clips.shape[0]))];
            return ArithmeticEvidence.Gather(forms, few, RandomStream.For("arithmetic check"));
        }
    }

    private int CountInDouble() =>
        model.ForwardFlops is { } flops ? (int)Math.Clamp(FlopsInDouble / flops, FewestInDouble, Clips) : ClipsOfUnknownCost;

    // A form that cannot be used fails the cells of attacks, and corruptions do without.
    private Func<Tensor, ModelOutput> FormForAttacks(Domain domain, Precision precision)
    {
        try
        {
            return model.FromFrozen(domain, precision);
        }
        catch (Exception e) when (e is CellFailedException or PluginUserException)
        {
            return model.From(domain);
        }
    }
}
