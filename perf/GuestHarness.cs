using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>What it costs that plugins get copies and are looked after: all of it for a cell of one batch, beside the prediction of that
/// batch and beside steps of an attack on it.</summary>
internal static class GuestHarness
{
    private const int Batch = 8,
        Steps = 40;

    public static void Write(TextWriter report, int rounds)
    {
        using VggModel model = PaperNetwork.Create();
        PaperNetwork.Freeze(model);
        using IFrozenModel frozen = model.Freeze(Precision.Fp32);
        using AttackContext context = PaperNetwork.Context(frozen.Forward, Batch);
        var turns = new Turns();
        var state = StateDigest.Compute(model.State);
        turns.Add("guards", () => Time(() => Guard(model, state, context)));
        turns.Add("prediction", () => Time(() => Predict(model, context)));
        turns.Add("step", () => Time(() => Step(context)));
        turns.Run(rounds);
        // A corruption predicts a batch twice, clean and perturbed, the first of which is kept for all its cells.
        double[] ofPrediction = [.. turns.Ratios("guards", "prediction").Select(r => 100 * r)];
        double[] ofAttack = [.. turns.Ratios("guards", "step").Select(r => 100 * r / Steps)];
        report.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Copies, comparisons, checksums of {Parameters(model) / 1e6:0.0} million parameters, and the state of the process, for a "
                    + $"cell of {Batch} clips: {Turns.Spread(turns.Of("guards"))} ms. That is {Turns.Spread(ofPrediction, "0.00")} % of "
                    + $"predicting them with the study's network, the least that a cell does, and {Turns.Spread(ofAttack, "0.000")} % of "
                    + $"{Steps} steps of an attack on them."
            )
        );
    }

    // All that a cell of one batch does for it: around the attack, around the prediction, and at its ends.
    private static bool Guard(VggModel model, StateDigest state, AttackContext context)
    {
        using var scope = NewDisposeScope();
        Tensor[] own = [context.Input, context.Targets, context.Targets, context.Targets];
        Tensor[] lent = [.. own.Select(Lent.Copy)];
        GuestCall.Run("cell", () => GuestCall.Run("attack", () => 0));
        foreach ((Tensor mine, Tensor theirs) in own.Zip(lent))
            Lent.RequireUnspoiled("attack", "the input", theirs, mine);
        Tensor perturbed = Lent.Copy(context.Input);
        Lent.RequireUnspoiled("model", "the input", Lent.Copy(perturbed), perturbed);
        return state.FindChange(model.State) is null;
    }

    private static double Predict(VggModel model, AttackContext context)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return model.Forward(context.Input).Emotion.sum().item<float>();
    }

    private static double Step(AttackContext context)
    {
        using var scope = NewDisposeScope();
        return context.Differentiate(context.Input).Gradient.abs().max().item<float>();
    }

    private static double Time<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static long Parameters(VggModel model) => model.Parameters.Sum(p => p.numel());
}
