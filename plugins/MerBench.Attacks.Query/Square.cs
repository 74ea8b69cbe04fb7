using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Attacks.Gradient;
using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>How <see cref="Square"/> searches.</summary>
public sealed record SquareOptions(
    [Description("Forward calls of each clip.")] [Range(2, 1_000_000)] int Queries = 1000,
    [Description("Share of the input that the first patches cover; later ones are smaller.")] [Range(1e-6, 1)] double Share = 0.1
);

/// <summary>
/// Square Attack (Andriushchenko, Croce, Flammarion and Hein, ECCV 2020, algorithm 1): a random patch is given the sign that most of it
/// does not have, which is kept where the objective rises. Patches are time-frequency rectangles of
/// spectrograms, each side the same share of its axis, and stretches of waveforms. The first point has a random sign in each band
/// (spectrograms) or in each of at most 64 stretches of time (waveforms). Signs are scaled
/// to the ball: to its corners for linf, to its surface for l2 and snr, where the paper has another scheme.
/// </summary>
[Attack(
    "square",
    Knowledge = AttackKnowledge.Queries,
    Summary = "Random time-frequency or time patches, kept where they help",
    Source = "Andriushchenko et al. 2020, arXiv 1912.00049"
)]
[Reference(
    """
        @inproceedings{andriushchenko2020,
          author    = {Andriushchenko, Maksym and Croce, Francesco and Flammarion, Nicolas and Hein, Matthias},
          title     = {Square Attack: A Query-Efficient Black-Box Adversarial Attack via Random Search},
          booktitle = {European Conference on Computer Vision (ECCV)},
          year      = {2020},
          pages     = {484--501},
          doi       = {10.1007/978-3-030-58592-1_29},
          eprint    = {1912.00049},
        }
        """
)]
public sealed class Square(SquareOptions options) : IAttack
{
    private const int FirstStretches = 64;

    // The paper halves the share at these queries of 10 000.
    private static readonly double[] Halvings = [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8];

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var search = new QuerySearch(context, "square", options.Queries, cancel);
        search.Ask(zeros_like(context.Input));
        Tensor signs = FirstSigns(context);
        Tensor best = search.Ask(Scaled(signs, search.Ball)).clone();
        for (int query = 2; search.Left > 0; query++)
        {
            using var one = NewDisposeScope();
            double share = options.Share * Math.Pow(0.5, Halvings.Count(h => query >= h * options.Queries));
            Tensor patch = Patches(context, share);
            Tensor candidate = where(patch, Other(signs, patch), signs);
            Tensor value = search.Ask(Scaled(candidate, search.Ball));
            Tensor better = value > best;
            best.copy_(where(better, value, best));
            signs.copy_(where(PerClip.Column(better, signs), candidate, signs));
        }

        return search.Best.Input.MoveToOuterDisposeScope();
    }

    private static Tensor Scaled(Tensor signs, Ball ball) => ball.Project(SteepestStep.Along(ball.Norm, signs) * ball.Radius);

    // The same for all frames of a band, as the paper's stripes.
    private static Tensor FirstSigns(AttackContext context)
    {
        long last = context.Input.shape[^1];
        int values = context.Input.dim() == 3 ? (int)last : FirstStretches;
        Tensor stripes = stack([
                .. context.Random.Select(r => tensor(Enumerable.Range(0, values).Select(_ => r.NextInt32(2) == 0 ? -1f : 1f).ToArray())),
            ])
            .to(context.Input.device);
        return context.Input.dim() == 3
            ? stripes.unsqueeze(1).expand(context.Input.shape).clone()
            : stripes.repeat_interleave((last + values - 1) / values, 1)[.., ..(int)last].clone();
    }

    // The sign that most of the patch does not have, so that no query asks for what is there already.
    private static Tensor Other(Tensor signs, Tensor patch) =>
        PerClip.Column(where((signs * patch.to(signs.dtype)).flatten(1).sum(1) > 0, -1f, 1f), signs);

    // Where each clip's patch lies, [B, T, F] or [B, N].
    private static Tensor Patches(AttackContext context, double share)
    {
        Tensor? inside = null;
        int axes = (int)context.Input.dim() - 1;
        for (int axis = 1; axis <= axes; axis++)
        {
            int length = (int)context.Input.shape[axis],
                side = Math.Clamp((int)Math.Round(Math.Pow(share, 1.0 / axes) * length), 1, length);
            Tensor start = tensor(context.Random.Select(r => (long)r.NextInt32(length - side + 1)).ToArray(), device: context.Input.device)
                .unsqueeze(1);
            Tensor place = arange(length, device: context.Input.device).unsqueeze(0);
            Tensor along = (place >= start).logical_and(place < start + side);
            if (axes == 2)
                along = axis == 1 ? along.unsqueeze(2) : along.unsqueeze(1);
            inside = inside is null ? along : inside.logical_and(along);
        }

        return inside!;
    }
}
