using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Universal"/> fits.</summary>
public sealed record UniversalOptions(
    [Description("Passes over the training clips.")] [Range(1, 10_000)] int Epochs = 5,
    [Description("Training clips a step.")] [Range(1, 4096)] int Batch = 32,
    [Description("Length of a step, as a share of the budget.")] [Range(1e-6, 10)] double StepSize = 0.1
);

/// <summary>
/// One perturbation for all clips (Moosavi-Dezfooli et al., CVPR 2017), fitted on training clips by projected stochastic gradient ascent on
/// their mean objective (Shafahi et al., AAAI 2020, algorithm 2)
/// and added to every test clip as it is. Under an snr budget its shape is the same for all clips, and its level follows the clip's.
/// Fitting costs one gradient call a training clip and epoch; test
/// clips cost nothing.
/// </summary>
[Attack(
    "universal",
    Knowledge = AttackKnowledge.Transfer,
    Summary = "One perturbation for all clips, fitted on training clips",
    Source = "Moosavi-Dezfooli et al. 2017, arXiv 1610.08401; Shafahi et al. 2020, arXiv 1811.11304"
)]
[Reference(
    """
        @inproceedings{moosavi2017,
          author    = {Moosavi-Dezfooli, Seyed-Mohsen and Fawzi, Alhussein and Fawzi, Omar and Frossard, Pascal},
          title     = {Universal Adversarial Perturbations},
          booktitle = {IEEE Conference on Computer Vision and Pattern Recognition (CVPR)},
          year      = {2017},
          doi       = {10.1109/CVPR.2017.17},
          eprint    = {1610.08401},
        }
        """
)]
[Reference(
    """
        @inproceedings{shafahi2020,
          author    = {Shafahi, Ali and Najibi, Mahyar and Xu, Zheng and Dickerson, John and Davis, Larry S. and Goldstein, Tom},
          title     = {Universal Adversarial Training},
          booktitle = {AAAI Conference on Artificial Intelligence},
          year      = {2020},
          eprint    = {1811.11304},
        }
        """
)]
public sealed class Universal(UniversalOptions options) : IFittedAttack, IDisposable
{
    private Tensor? _shape;

    /// <inheritdoc/>
    public void Fit(AttackContext training, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(training, "universal");
        var unit = new Budget(ball.Norm == Norm.Linf ? Norm.Linf : Norm.L2, 1);
        Tensor shape = zeros_like(training.Input[..1]);
        int clips = (int)training.Input.shape[0];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            int[] order = [.. Enumerable.Range(0, clips)];
            training.Random[0].Shuffle<int>(order);
            for (int first = 0; first < clips; first += options.Batch)
            {
                cancel.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                int[] rows = order[first..Math.Min(first + options.Batch, clips)];
                Tensor index = tensor(Array.ConvertAll(rows, r => (long)r), device: training.Input.device);
                Tensor radius = ball.Radius.index_select(0, index),
                    clean = training.Input.index_select(0, index);
                Tensor point = clean + (shape * radius);
                if (training.Box is { } box)
                    point = point.clamp(box.Minimum, box.Maximum);
                (_, Tensor gradient) = training.Differentiate(point, rows);
                Tensor together = (SteepestStep.Usable(gradient) * radius).sum(0, keepdim: true);
                shape.copy_(unit.Project(shape + (SteepestStep.Along(unit.Norm, together) * options.StepSize), shape));
                training.Progress?.Report((epoch + (Math.Min(first + options.Batch, clips) / (double)clips)) / options.Epochs);
            }
        }

        _shape?.Dispose();
        _shape = shape.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "universal");
        Tensor shape = _shape ?? throw new InvalidOperationException("The attack was not fitted.");
        return ball.Apply(ball.Project(shape * ball.Radius)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _shape?.Dispose();
}
