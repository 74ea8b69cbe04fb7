using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>
/// One step along the top singular vector of the Jacobian of all emotions at the clean input: the direction in which the model, taken as
/// linear, moves furthest in the space of emotions. Of its two senses the one with the higher
/// objective is returned. Under linf the step is the vector's sign. The vector comes from the eigenvectors of <c>J J^T</c> (emotions by
/// emotions).
/// It costs a gradient call an emotion and two forward calls. A clip whose Jacobian is zero is returned clean.
/// </summary>
[Attack(
    "jacobian",
    IsIterative = false,
    Summary = "One step along the top singular vector of the emotions' Jacobian",
    Source = "Khrulkov and Oseledets 2018, arXiv 1709.03582 (singular vectors of the Jacobian), here of the output and for each clip"
)]
[Reference(
    """
        @inproceedings{khrulkov2018,
          author    = {Khrulkov, Valentin and Oseledets, Ivan},
          title     = {Art of Singular Vectors and Universal Adversarial Perturbations},
          booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
          year      = {2018},
          eprint    = {1709.03582},
        }
        """
)]
public sealed class Jacobian : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "jacobian");
        int emotions = (int)context.Targets.shape[1];
        var rows = new Tensor[emotions];
        for (int e = 0; e < emotions; e++)
        {
            cancel.ThrowIfCancellationRequested();
            var weights = new float[emotions];
            weights[e] = 1;
            (_, Tensor gradient) = context.With(Objective.Weighted("jacobian", weights)).Differentiate(context.Input);
            rows[e] = SteepestStep.Usable(gradient).flatten(1);
            context.Progress?.Report((e + 1.0) / (emotions + 2));
        }

        Tensor jacobian = stack(rows, 1);
        (_, Tensor vectors) = linalg.eigh(jacobian.to(float64).matmul(jacobian.to(float64).transpose(1, 2)).cpu());
        Tensor top = vectors[.., .., -1].to(jacobian.dtype).to(jacobian.device).unsqueeze(1).matmul(jacobian).reshape(context.Input.shape);
        Tensor step = SteepestStep.Along(ball.Norm, top) * ball.Radius;

        var best = new BestIterate(context.Input);
        foreach (Tensor delta in new[] { step, -step })
        {
            cancel.ThrowIfCancellationRequested();
            Tensor point = ball.Apply(ball.Project(delta));
            best.Consider(point, context.Evaluate(point));
        }

        return best.Input.MoveToOuterDisposeScope();
    }
}
