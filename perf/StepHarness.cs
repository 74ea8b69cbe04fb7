using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using MathNet.Numerics.Statistics;
using MerBench.Attacks.Gradient;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>One step of <c>adam-sign</c> on the study's network, in MerBench's forms and in Python's PyTorch where it is installed, beside
/// the machine's product of matrices.</summary>
internal static class StepHarness
{
    private const double ForwardGflop = 7.3;
    private const string Peak = "peak",
        WholeSearch = "whole search";

    public static void Write(TextWriter report, HarnessOptions options)
    {
        using VggModel plain = PaperNetwork.Create(),
            frozen = PaperNetwork.Create();
        PaperNetwork.Freeze(frozen);
        using IFrozenModel folded = frozen.Freeze(Precision.Fp32);
        using IFrozenModel? half = Avx512F.IsSupported ? frozen.Freeze(Precision.Bf16) : null;
        using Reference? reference = Reference.Start(options.Python, options.Threads),
            checkout = options.Checkout is { } path ? Reference.Start(options.Python, options.Threads, path) : null;
        var turns = new Turns();
        if (checkout is not null)
            turns.Add($"{checkout.Name}, batch 1", () => 1000 * checkout.SecondsAStep(options.Steps));
        if (reference is not null)
            turns.Add($"{reference.Name}, batch 1", () => 1000 * reference.SecondsAStep(options.Steps));
        Add("MerBench, the model itself", plain.Forward);
        Add("MerBench, attack form, fp32", folded.Forward);
        if (half is not null)
            Add("MerBench, attack form, bf16", half.Forward);
        string[] rows = [.. turns.Names];
        turns.Add(WholeSearch, () => Seconds(new Apgd(new ApgdOptions(Steps: 40)), folded.Forward, options.Batch) / options.Batch);
        turns.Add(Peak, GflopsOfMatrices);
        turns.Run(options.Rounds);

        double peak = turns.Of(Peak).Median();
        report.WriteLine("| | ms a step and clip | of the peak | times as fast as the first |");
        report.WriteLine("|---|---:|---:|---:|");
        foreach (string row in rows)
        {
            string share = (2 * ForwardGflop / turns.Of(row).Median() * 1000 / peak).ToString("0 %", CultureInfo.InvariantCulture);
            report.WriteLine(
                $"| {row} | {Turns.Spread(turns.Of(row).ToArray())} | {share} | {Turns.Spread(turns.Ratios(rows[0], row), "0.00")} |"
            );
        }

        report.WriteLine();
        if (half is null)
            report.WriteLine("bf16 is left out: this processor has no AVX-512.");
        report.WriteLine(
            $"The peak, a product of matrices of 1024 x 1024: {Turns.Spread(turns.Of(Peak).ToArray(), "0")} GFLOP/s; shares of it count "
                + $"the multiplications of direct convolutions, forward and back to the input. `apgd` with 40 gradient calls in fp32 "
                + $"takes {Turns.Spread(turns.Of(WholeSearch).ToArray(), "0.00")} s a clip; 1000 steps of the first row take "
                + $"{Turns.Spread(turns.Ratios(rows[0], WholeSearch), "0.0")} times as long."
        );

        void Add(string name, Func<Tensor, ModelOutput> forward) =>
            turns.Add(
                name,
                () =>
                    1000
                    * Seconds(new AdamSign(new AdamSignOptions(Steps: options.Steps)), forward, options.Batch)
                    / options.Steps
                    / options.Batch
            );
    }

    private static double Seconds(IAttack attack, Func<Tensor, ModelOutput> forward, int batch)
    {
        using var scope = NewDisposeScope();
        using AttackContext context = PaperNetwork.Context(forward, batch);
        long start = Stopwatch.GetTimestamp();
        attack.Perturb(context, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double GflopsOfMatrices()
    {
        const int Size = 1024,
            Times = 20;
        using var scope = NewDisposeScope();
        Tensor a = randn(Size, Size),
            b = randn(Size, Size);
        matmul(a, b);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Times; i++)
            matmul(a, b).Dispose();
        return Times * 2.0 * Size * Size * Size / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }
}
