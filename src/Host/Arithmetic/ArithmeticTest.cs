using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Computes operations by libtorch in float32 and compares them with float64 on the CPU: values, gradients to the input and gradients to
/// weights. Memory is filled with NaN before, so that what reads memory that it never wrote is seen.
/// </summary>
internal static class ArithmeticTest
{
    // Of the largest value, in units of the format's rounding: a few roundings of the operation itself, and those of sums, which grow by
    // their root.
    private const double Roundings = 16,
        RoundingsOfSums = 4;

    // GPUs may convolve by Winograd's filtering, which rounds about ten times as much.
    private const double OfFilters = 16;

    /// <summary>Looks for operations that are computed wrongly.</summary>
    /// <param name="device">What is tested.</param>
    /// <param name="threads">All threads; some operations are computed by one.</param>
    public static ArithmeticFindings Run(IReadOnlyList<Operation> operations, Device device, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        int before = get_num_threads();
        var faults = new List<ArithmeticFault>();
        using var memory = new FreedMemory();
        try
        {
            for (int i = 0; i < operations.Count; i++)
            {
                set_num_threads(operations[i].OnOneThread ? 1 : threads);
                if (Find(operations[i], (ulong)(i + 1), device, memory) is { } fault)
                    faults.Add(fault);
            }
        }
        finally
        {
            set_num_threads(before);
        }

        ConvolutionSpeed speed = SpeedSample.Measure(device);
        return new ArithmeticFindings(operations.Count, faults, speed, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static ArithmeticFault? Find(Operation operation, ulong seed, Device device, FreedMemory memory)
    {
        using var scope = NewDisposeScope();
        Tensor[] expected = Compute(operation, seed, ScalarType.Float64, CPU);
        ArithmeticFault? worst = null;
        try
        {
            Tensor[] found = Compute(operation, seed, operation.Type, device, memory);
            for (int part = 0; part < expected.Length; part++)
            {
                double error = MeasureError(found[part], expected[part]);
                double allowed = Tolerance(operation, part, device);
                if (error <= allowed || error < worst?.Error)
                    continue;
                worst = new ArithmeticFault(operation.Name, NameOf(part), double.IsFinite(error) ? error : null, operation.FillsBlocks);
            }
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException or NotSupportedException)
        {
            worst = new ArithmeticFault(operation.Name, $"failed: {e.Message.Split('\n')[0]}", null, operation.FillsBlocks);
        }

        return worst;
    }

    /// <summary>The value, then the gradient to each leaf.</summary>
    private static Tensor[] Compute(Operation operation, ulong seed, ScalarType type, Device device, FreedMemory? memory = null)
    {
        using var draw = new Draw(seed, type, operation.Type, device);
        Computation computation = operation.Create(draw);
        memory?.Spoil();
        Tensor value = computation.Forward();
        // Another weight for each value, so that no gradient is hidden in a sum.
        using Tensor along = draw.Normal(1, value.shape);
        memory?.Spoil();
        IList<Tensor> gradients = autograd.grad([value], [.. computation.Leaves], [along.detach()]);
        return [value.detach(), .. gradients];
    }

    // Of the largest value. NaN compares with nothing, and counts as infinite.
    private static double MeasureError(Tensor found, Tensor expected)
    {
        Tensor reference = expected.detach();
        double apart = (found.detach().cpu().to(ScalarType.Float64) - reference).abs().max().item<double>();
        double error = apart / Math.Max(reference.abs().max().item<double>(), double.Epsilon);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static double Tolerance(Operation operation, int part, Device device)
    {
        Summands summands = operation.Summands;
        double sums = part switch
        {
            0 => summands.Forward,
            1 => summands.ToInput,
            _ => summands.ToWeights,
        };
        if (operation.Type == ScalarType.BFloat16)
            return Math.Pow(2, -7);
        double tolerance = Math.Pow(2, -24) * (Roundings + (RoundingsOfSums * Math.Sqrt(sums)));
        return device.type == TorchSharp.DeviceType.CPU ? tolerance : tolerance * OfFilters;
    }

    private static string NameOf(int part) =>
        part switch
        {
            0 => "value",
            1 => "gradient to the input",
            _ => "gradient to weights",
        };
}
