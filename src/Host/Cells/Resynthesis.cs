using MerBench.Host.Data;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>
/// Looks for audio whose features are the perturbed ones: a perturbation of features is a threat only as far as there is such audio. From
/// the clean waveform, Adam descends the squared distance of standardised features through the
/// front end, so that it works for every front end; the point that came closest is kept. What is left of the harm is the realisable harm.
/// </summary>
internal static class Resynthesis
{
    private const double Beta1 = 0.9,
        Beta2 = 0.999,
        Epsilon = 1e-12,
        Rate = 0.02;

    /// <param name="clean">Clean waveforms <c>[B, N]</c>.</param>
    /// <param name="wanted">Perturbed standardised features <c>[B, T, F]</c>.</param>
    /// <returns>Waveforms in <c>[-1, 1]</c>, and for each clip the distance left as a share of the perturbation, in L2.</returns>
    public static (Tensor Waveform, float[] Residual) Find(
        PreparedDataset data,
        Tensor clean,
        Tensor wanted,
        int steps,
        CancellationToken cancel
    )
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor point = clean.clone(),
            best = clean.clone(),
            mean = zeros_like(clean),
            square = zeros_like(clean);
        Tensor least = full(clean.shape[0], double.PositiveInfinity, clean.dtype, clean.device),
            first = least.clone();
        Tensor length = clean.square().mean([1], keepdim: true).sqrt() * Rate;
        for (int step = 1; step <= steps + 1; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            (Tensor distance, Tensor gradient) = Distance(data, point, wanted);
            if (step == 1)
                first.copy_(distance);
            Tensor closer = distance < least;
            least.copy_(where(closer, distance, least));
            best.copy_(where(closer.unsqueeze(1), point, best));
            if (step > steps)
                break;

            // Of equal length for each clip, whose distances differ by orders of magnitude.
            Tensor scaled =
                gradient.nan_to_num(nan: 0, posinf: 0, neginf: 0)
                / gradient.nan_to_num(nan: 0, posinf: 0, neginf: 0).abs().amax([1], keepdim: true).clamp_min(1e-30);
            mean.mul_(Beta1).add_(scaled * (1 - Beta1));
            square.mul_(Beta2).add_(scaled.square() * (1 - Beta2));
            Tensor direction = mean / (1 - Math.Pow(Beta1, step)) / ((square / (1 - Math.Pow(Beta2, step))).sqrt() + Epsilon);
            double decay = 0.02 + (0.98 * (1 + Math.Cos(Math.PI * step / steps)) / 2);
            point.copy_((point - (direction * length * decay)).clamp(-1, 1));
        }

        float[] residual = where(first > 0, (least / first.clamp_min(1e-30)).sqrt(), zeros_like(first)).cpu().data<float>().ToArray();
        return (best.MoveToOuterDisposeScope(), residual);
    }

    private static (Tensor Distance, Tensor Gradient) Distance(PreparedDataset data, Tensor point, Tensor wanted)
    {
        using var grad = enable_grad();
        Tensor x = point.detach().requires_grad_();
        Tensor distance = (data.FromWaveform(x) - wanted).square().flatten(1).sum(1);
        return (distance.detach(), autograd.grad([distance.sum()], [x])[0].detach());
    }
}
