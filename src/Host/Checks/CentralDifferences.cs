using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>
/// Compares a gradient with what predictions do, by central differences. Along the gradient and parts of it, where predictions move most,
/// they show a wrong length and a wrong share of a part; along random directions, where float64
/// alone resolves them, any wrong direction.
/// </summary>
/// <param name="map">From inputs to the model's output.</param>
/// <param name="probe">The clips.</param>
/// <param name="gradient">The gradient at them, in the format in which the map computes.</param>
internal sealed class CentralDifferences(Func<Tensor, ModelOutput> map, GradientProbe probe, Tensor gradient, RandomStream random)
{
    /// <summary>By how much a slope along the gradient may be off.</summary>
    public const double InDouble = 0.01;

    /// <inheritdoc cref="InDouble"/>
    public const double InSingle = 0.03;

    // By how much the whole gradient may be, as estimated from slopes along random directions.
    private const double OffRandomDirections = 0.05;

    // Shares of the input's L2 norm, the likeliest first. Rounding spoils short ones and kinks long ones; float32 takes longer ones, and
    // so does what computes in float32 inside.
    private static readonly double[] StepsInDouble = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-8, 1e-9, 1e-10, 1e-11];
    private static readonly double[] StepsInSingle = [1e-4, 1e-3, 1e-5, 1e-2];

    // Decibels of a silent frame bend within far shorter steps than rounding allows others to be measured at.
    private static readonly double[] StepsOfBends = [1e-6, 1e-7];
    private const double Bent = 0.1;

    // Slopes that change from each step to the next by more than this share of what they miss prove nothing.
    private const double Settled = 0.5;

    private const int Quarters = 4;
    private const int RandomHalves = 2;
    private const int RandomDirections = 2;
    private const double Vanished = 1e-6;

    private readonly Tensor _input = probe.Input.to(gradient.dtype);
    private readonly double[] _lengths = Doubles(gradient.flatten(1).norm(1));

    private bool InFloat64 => gradient.dtype == ScalarType.Float64;

    /// <summary>The first slope that is not what the gradient claims; null where there is none.</summary>
    public SlopeFault? FindFault()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        // With float64's price in mind: there each clip has a quarter of its own, and random directions say the rest.
        IEnumerable<Tensor> parts =
        [
            gradient,
            .. Enumerable.Range(0, InFloat64 ? 1 : Quarters).Select(Quarter),
            .. Enumerable.Range(0, InFloat64 ? 0 : RandomHalves).Select(_ => RandomHalf()),
        ];
        foreach (Tensor part in parts)
            if (Measure(part, Claimed, errors => errors.Median(), InFloat64 ? InDouble : InSingle) is { } fault)
                return fault;
        if (!InFloat64)
            return null;
        double perDimension = Math.Sqrt(_input.numel() / _input.shape[0]);
        for (int i = 0; i < RandomDirections; i++)
        {
            Tensor direction = GradientProbe.Normal(_input.shape, random).to(_input.device).to(_input.dtype);
            if (Measure(direction, (_, length) => length / perDimension, RootMeanSquare, OffRandomDirections) is { } fault)
                return fault with { IsAlongGradient = false };
        }

        return null;
    }

    // Where a part holds little of the gradient, its error counts by what it does to the whole.
    private static double Claimed(double claimed, double length) => Math.Max(Math.Abs(claimed), length / Quarters);

    private static double RootMeanSquare(IEnumerable<double> errors) => Math.Sqrt(errors.Average(e => e * e));

    private SlopeFault? Measure(
        Tensor direction,
        Func<double, double, double> unit,
        Func<IEnumerable<double>, double> summarise,
        double tolerance
    )
    {
        Slope[] best = [.. _lengths.Select(_ => new Slope(0, 0, double.PositiveInfinity, 0))];
        double least = Vanished * _lengths.Median();
        double error = 0;
        var bySteps = new SortedList<double, double[]>();
        foreach (double step in InFloat64 ? StepsInDouble : [.. StepsInSingle, .. StepsOfBends])
        {
            if (!InFloat64 && StepsOfBends.Contains(step) && Bend(bySteps, best) < Bent)
                break;
            (double[] says, double[] does) = Slopes(direction, step);
            bySteps.Add(step, does);
            for (int clip = 0; clip < best.Length; clip++)
            {
                double scale = unit(says[clip], _lengths[clip]);
                double found = Math.Abs(does[clip] - says[clip]) / scale;
                if (best[clip].Step == 0 || found < best[clip].Error)
                    best[clip] = new Slope(says[clip], scale, found, step);
            }
            double[] counted = [.. best.Where((_, clip) => _lengths[clip] > least).Select(s => s.Error)];
            error = counted.Length == 0 ? 0 : summarise(counted);
            if (error <= tolerance)
                return null;
        }

        if (LeastChange(bySteps) > error * Settled)
            return null;
        return new SlopeFault(
            best.Select(s => s.Claimed).Median(),
            best.Select((s, clip) => bySteps[s.Step][clip]).Median(),
            error,
            tolerance,
            IsAlongGradient: true
        );
    }

    // Between the two shortest steps.
    private static double Bend(SortedList<double, double[]> bySteps, Slope[] best) =>
        best.Select((slope, clip) => Math.Abs(bySteps.Values[0][clip] - bySteps.Values[1][clip]) / slope.Unit).Median();

    // Between neighbouring steps, of the median clip and as a share of the slope.
    private static double LeastChange(SortedList<double, double[]> bySteps) =>
        bySteps.Values.Zip(bySteps.Values.Skip(1), (shorter, longer) => shorter.Zip(longer, Change).Median()).Min();

    private static double Change(double shorter, double longer) =>
        Math.Abs(shorter - longer) / Math.Max(Math.Max(Math.Abs(shorter), Math.Abs(longer)), 1e-300);

    // By the displacement as it is after rounding.
    private (double[] Claimed, double[] Measured) Slopes(Tensor direction, double share)
    {
        using var scope = NewDisposeScope();
        Tensor length = _input.flatten(1).norm(1).clamp_min(1e-6) * share;
        Tensor offset = direction * Column(length / direction.flatten(1).norm(1).clamp_min(1e-30));
        Tensor above = _input + offset;
        Tensor below = _input - offset;
        Tensor moved = (above.to(ScalarType.Float64) - below.to(ScalarType.Float64)).flatten(1);
        Tensor width = moved.norm(1).clamp_min(1e-300);
        Tensor claimed = (moved * gradient.to(ScalarType.Float64).flatten(1)).sum(1);
        Tensor measured = probe.Evaluate(map, above) - probe.Evaluate(map, below);
        return (Doubles(claimed / width), Doubles(measured / width));
    }

    private Tensor Quarter(int turn)
    {
        Tensor part = zeros_like(gradient).flatten(1);
        Tensor all = gradient.flatten(1);
        long size = (all.shape[1] + Quarters - 1) / Quarters;
        for (long clip = 0; clip < all.shape[0]; clip++)
        {
            long start = Math.Min((clip + turn) % Quarters * size, all.shape[1] - 1);
            var range = TensorIndex.Slice(start, Math.Min(start + size, all.shape[1]));
            part[TensorIndex.Single(clip), range].copy_(all[TensorIndex.Single(clip), range]);
        }

        return part.reshape(gradient.shape);
    }

    private Tensor RandomHalf() => gradient * (GradientProbe.Normal(gradient.shape, random).to(gradient.device) > 0).to(gradient.dtype);

    // Of one clip, at the step at which it misses least.
    private readonly record struct Slope(double Claimed, double Unit, double Error, double Step);

    private Tensor Column(Tensor values) => values.reshape([_input.shape[0], .. Enumerable.Repeat(1L, (int)_input.dim() - 1)]);

    private static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).cpu().data<double>().ToArray();
}

/// <summary>A slope that a gradient claims and predictions do not have: medians over clips.</summary>
/// <param name="Error">Along the gradient, of the slope; else of the whole gradient's length.</param>
/// <param name="Allowed">What was allowed.</param>
/// <param name="IsAlongGradient">Along the gradient or a part of it, or along a random direction.</param>
internal sealed record SlopeFault(double Claimed, double Measured, double Error, double Allowed, bool IsAlongGradient);
