using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Masking"/> searches.</summary>
public sealed record MaskingOptions(
    [Description("Gradient steps.")] [Range(1, 100_000)] int Steps = 100,
    [Description("Length of the first step in multiples of the threshold's amplitude in each bin; it decays to a hundredth by a cosine.")]
    [Range(1e-6, 100)]
        double StepSize = 0.5,
    [Description("How many dB below the masking threshold the perturbation stays; negative is above it.")]
    [Range(-60, 120)]
        double Margin = 0,
    [Description("Samples of a frame: 256, 512, 1024, 2048 or 4096.")] [AllowedValues(256, 512, 1024, 2048, 4096)] int Frame = 2048
);

/// <summary>
/// A perturbation below the clip's psychoacoustic masking threshold, in waveforms (after Schönherr et al., NDSS 2019, and Qin et al., ICML
/// 2019, who add the threshold to the loss; here it is a bound that is kept): ascent of the objective with
/// steps that have in each bin the threshold's amplitude and the gradient's phase, each projected below the threshold. With a budget, that
/// is kept too. Of all points visited it returns the best one. It
/// costs one gradient call a step and one forward call.
/// </summary>
[Attack(
    "masking",
    Summary = "Below the clip's psychoacoustic masking threshold, in waveforms",
    Source = "Qin et al. 2019, arXiv 1903.10346; Schönherr et al. 2019, arXiv 1808.05665; threshold: Johnston 1988"
)]
[Reference(
    """
        @inproceedings{qin2019,
          author    = {Qin, Yao and Carlini, Nicholas and Cottrell, Garrison and Goodfellow, Ian and Raffel, Colin},
          title     = {Imperceptible, Robust, and Targeted Adversarial Examples for Automatic Speech Recognition},
          booktitle = {International Conference on Machine Learning (ICML)},
          year      = {2019},
          pages     = {5231--5240},
          eprint    = {1903.10346},
        }
        """
)]
[Reference(
    """
        @inproceedings{schoenherr2019,
          author    = {Schönherr, Lea and Kohls, Katharina and Zeiler, Steffen and Holz, Thorsten and Kolossa, Dorothea},
          title     = {Adversarial Attacks Against Automatic Speech Recognition Systems via Psychoacoustic Hiding},
          booktitle = {Network and Distributed System Security Symposium (NDSS)},
          year      = {2019},
          eprint    = {1808.05665},
        }
        """
)]
[Reference(
    """
        @article{johnston1988,
          author  = {Johnston, James D.},
          title   = {Transform Coding of Audio Signals Using Perceptual Noise Criteria},
          journal = {IEEE Journal on Selected Areas in Communications},
          volume  = {6},
          number  = {2},
          pages   = {314--323},
          year    = {1988},
          doi     = {10.1109/49.608},
        }
        """
)]
public sealed class Masking(MaskingOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        if (context.Domain != Domain.Waveform)
            throw new PluginUserException("The attack 'masking' works on waveforms. Give its perturbation 'domain: waveform'.");
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var threshold = new BelowThreshold(new MaskingThreshold(context.Input, context.SampleRate, options.Frame, options.Margin));
        var best = new BestIterate(context.Input);
        best.Consider(context.Input, context.CleanValue());
        Tensor delta = zeros_like(context.Input);
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor point = Apply(delta);
            (Tensor value, Tensor gradient) = context.Differentiate(point);
            best.Consider(point, value);
            double decay = 0.01 + (0.99 * (1 + Math.Cos(Math.PI * step / options.Steps)) / 2);
            delta.copy_(Allowed(delta + (threshold.Steepest(SteepestStep.Usable(gradient)) * (options.StepSize * decay))));
            context.Progress?.Report((step + 1.0) / options.Steps);
        }

        cancel.ThrowIfCancellationRequested();
        Tensor last = Apply(delta);
        best.Consider(last, context.Evaluate(last));
        return best.Input.MoveToOuterDisposeScope();

        // The budget's ball is met by lowering the clip for l2 and snr, and by clipping for linf, which makes new sounds: so the threshold
        // has the last word.
        Tensor Allowed(Tensor wanted)
        {
            Tensor projected = threshold.Project(context.Project(threshold.Project(wanted)));
            return context.Budget is { } budget
                ? projected * (budget.Radius(context.Input) / SizeOf(projected, budget)).clamp_max(1)
                : projected;
        }

        Tensor Apply(Tensor change) =>
            context.Box is { } box ? (context.Input + change).clamp(box.Minimum, box.Maximum) : context.Input + change;

        Tensor SizeOf(Tensor change, Budget budget) =>
            PerClip.Column(
                new Budget(budget.Norm == Norm.Linf ? Norm.Linf : Norm.L2, 0).Measure(change, context.Input).clamp_min(1e-30),
                change
            );
    }
}
