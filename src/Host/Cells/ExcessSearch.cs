using MerBench.Host.Hearing;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>
/// Attacks within a masking excess, which attacks know nothing of. They are given an SNR; what they find is scaled, a clip at a time, until
/// the cell of time and frequency that lies farthest above the masking threshold is just within the bound. A search at another size than
/// it ends at finds too little, so the attack is run again at the SNR that came out, and each clip keeps the better of both.
/// </summary>
/// <param name="excess">The bound in dB.</param>
internal sealed class ExcessSearch(AttackedModel attacked, CellObjective objective, double excess)
{
    // Clips whose SNRs lie in one step are attacked together, at its louder end.
    private const double StepDb = 3;

    /// <summary>Where the search begins.</summary>
    public static readonly Budget FirstBudget = new(Norm.Snr, 50);

    /// <exception cref="CellFailedException">The attack handed back something unusable, or clips are too short to be judged.</exception>
    public CraftedBatch Craft(IAttack attack, CellBatch batch, Precision precision, CancellationToken cancel)
    {
        if (!MaskedClip.Fits(batch.Input.shape[1]))
            throw new CellFailedException($"Clips of {batch.Input.shape[1]} samples are too short for a masking threshold.");
        using var scope = NewDisposeScope();
        LoudestWithin[] loudest =
        [
            .. Enumerable.Range(0, batch.Clips.Count).Select(i => new LoudestWithin(batch.Input[i], attacked.SampleRate, excess)),
        ];
        Attempt[] found = Try(FirstBudget, [.. Enumerable.Range(0, loudest.Length)], new ShareOfProgress(batch.Progress, 0, 0.5));
        int again = 0;
        foreach (var group in found.Where(a => double.IsFinite(a.SnrDb)).GroupBy(a => Math.Floor(a.SnrDb / StepDb) * StepDb).ToList())
        {
            double share = 0.5 / found.Length * group.Count(),
                start = 0.5 + (0.5 / found.Length * again);
            again += group.Count();
            var progress = new ShareOfProgress(batch.Progress, start, share);
            foreach (Attempt second in Try(new Budget(Norm.Snr, group.Key), [.. group.Select(a => a.Clip)], progress))
            {
                Attempt first = found[second.Clip];
                found[second.Clip] = second.Value > first.Value ? second.After(first) : first.After(second);
            }
        }

        return new CraftedBatch(stack(found.Select(a => a.Input)).MoveToOuterDisposeScope(), [.. found.Select(a => a.Crafted)]);

        Attempt[] Try(Budget budget, int[] clips, IProgress<double> progress)
        {
            CellBatch some = batch.Select(clips) with { Progress = progress };
            CraftedBatch crafted = attacked.CraftWithin(budget, attack, some, precision, cancel);
            Tensor scaled = stack(clips.Select((clip, i) => loudest[clip].Scale(crafted.Input[i])));
            float[] snr = new Budget(Norm.Snr, 0).Measure(scaled - some.Input, some.Input).cpu().data<float>().ToArray();
            float[] values = objective.Measure(some, attacked.Model.Predict(scaled, attacked.Domain)).Value;
            return [.. clips.Select((clip, i) => new Attempt(clip, scaled[i], snr[i], values[i], crafted.Clips[i]))];
        }
    }

    // Of one clip, within the bound.
    private sealed record Attempt(int Clip, Tensor Input, double SnrDb, float Value, CraftedClip Crafted)
    {
        public Attempt After(Attempt other) => this with { Crafted = Crafted.After(other.Crafted) };
    }
}
