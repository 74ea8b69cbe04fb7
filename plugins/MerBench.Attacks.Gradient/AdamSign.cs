using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>Which of the iterates <see cref="AdamSign"/> returns.</summary>
public enum ReturnedIterate
{
    /// <summary>The last one that was predicted, whose prediction the published logs hold.</summary>
    Last,

    /// <summary>The last one that passed its correlation threshold, whose size the published logs hold.</summary>
    Threshold,
}

/// <summary>How <see cref="AdamSign"/> searches.</summary>
public sealed record AdamSignOptions(
    [Description("Gradient steps.")][Range(1, 100_000)] int Steps = 1000,
    [Description("Adam's learning rate: about the length of a step in each input value.")][Range(1e-9, 1e3)] double LearningRate = 0.002,
    [Description("What is returned: last (whose prediction the published logs hold) or threshold (whose size they hold).")] ReturnedIterate Return = ReturnedIterate.Last);

/// <summary>
/// The attack of Hoedt, Flexer and Widmer (SMC 2025): Adam on the sign of the objective's gradient, from the clean input. A clip's threshold
/// begins at its correlation with the ratings, rounded up to a tenth, and falls by a tenth whenever an iterate's correlation is at or below it; at -0.9 the clip
/// is finished. Without a budget it is the attack as released, where no bound was enforced; with <c>budgets: { linf: [0.001] }</c> it is the attack as
/// configured, projected into the budget after each step.
/// <para>It costs one gradient call a step and clip; finished clips leave the batch, which is looked at every 25 steps.</para>
/// </summary>
[Attack("adam-sign", Summary = "Adam on the sign of the gradient, with correlation thresholds; with or without a budget", Source = "Hoedt, Flexer and Widmer, Are Inherently Interpretable Models More Robust?, SMC 2025, arXiv 2508.03780")]
public sealed class AdamSign(AdamSignOptions options) : IAttack
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    // Which clips are finished is asked of the device now and then, because each question waits for it.
    private const int StepsBetweenQuestions = 25;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor returned = context.Input.clone();
        using var thresholds = new CorrelationThresholds(context.Targets);
        var clips = new UnfinishedClips(context.Input);
        for (int step = 1; step <= options.Steps && clips.Rows.Length > 0; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor point = clips.Input + clips.Delta;
            (_, Tensor gradient, ModelOutput output) = context.DifferentiateAndPredict(point, clips.Rows);
            Tensor unfinished = thresholds.Unfinished.index_select(0, clips.Index);
            Tensor passed = thresholds.Pass(output.Emotion, clips.Index);
            Tensor kept = options.Return == ReturnedIterate.Last ? unfinished : passed;
            returned.index_copy_(0, clips.Index, where(PerClip.Column(kept, point), point, returned.index_select(0, clips.Index)));

            Tensor direction = SteepestStep.Usable(gradient).sign();
            clips.Mean.mul_(Beta1).add_(direction * (1 - Beta1));
            clips.Square.mul_(Beta2).add_(direction.square() * (1 - Beta2));
            Tensor length = (clips.Square.sqrt() / Math.Sqrt(1 - Math.Pow(Beta2, step))) + Epsilon;
            clips.Delta.copy_(context.Project(clips.Delta + (clips.Mean / length * (options.LearningRate / (1 - Math.Pow(Beta1, step)))), clips.Rows));
            context.Progress?.Report((double)step / options.Steps);
            if (step % StepsBetweenQuestions == 0) clips.Keep(thresholds.Unfinished.cpu().data<bool>().ToArray());
        }

        return returned.MoveToOuterDisposeScope();
    }

    /// <summary>The clips that are still attacked, and Adam's state of each. Finished clips leave, so that they cost nothing.</summary>
    private sealed class UnfinishedClips
    {
        public UnfinishedClips(Tensor input)
        {
            Rows = [.. Enumerable.Range(0, (int)input.shape[0])];
            Index = tensor(Array.ConvertAll(Rows, r => (long)r), device: input.device);
            (Input, Delta, Mean, Square) = (input.clone(), zeros_like(input), zeros_like(input), zeros_like(input));
        }

        public int[] Rows { get; private set; }

        /// <summary>The same as a tensor.</summary>
        public Tensor Index { get; private set; }

        public Tensor Input { get; private set; }

        public Tensor Delta { get; private set; }

        public Tensor Mean { get; private set; }

        public Tensor Square { get; private set; }

        /// <param name="unfinished">For each clip of the batch.</param>
        public void Keep(bool[] unfinished)
        {
            int[] places = [.. Enumerable.Range(0, Rows.Length).Where(i => unfinished[Rows[i]])];
            if (places.Length == Rows.Length) return;
            Rows = [.. places.Select(i => Rows[i])];
            Tensor at = tensor(Array.ConvertAll(places, p => (long)p), device: Index.device);
            (Index, Input, Delta, Mean, Square) = (Of(Index), Of(Input), Of(Delta), Of(Mean), Of(Square));

            // They outlive the step in which they were made.
            Tensor Of(Tensor all)
            {
                Tensor kept = all.index_select(0, at).MoveToOuterDisposeScope();
                all.Dispose();
                return kept;
            }
        }
    }
}
