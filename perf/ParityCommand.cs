using MerBench.Host.Torch;

namespace MerBench.Perf;

/// <summary>Prints whether a device computes what the CPU does; exit code 1 where it does not.</summary>
internal static class ParityCommand
{
    public static int Run(string[] options)
    {
        string name = Options.Text(options, "--device", "auto");
        TorchBackend backend = TorchBackend.Select(null);
        TorchDevice device = backend.Choose(name);
        // Of the formats that models offer; TF32 is a way to multiply float32, and no format.
        Precision precision = Enum.Parse<Precision>(Options.Text(options, "--precision", "fp32"), ignoreCase: true);
        Console.WriteLine(
            $"The CPU and {device.Name}, libtorch {backend.Version}, attack form of the device in "
                + $"{precision.ToString().ToLowerInvariant()}:"
        );
        Console.WriteLine("| | apart | tolerance | |");
        Console.WriteLine("|---|---:|---:|---|");
        IReadOnlyList<ParityRow> rows = DeviceParity.Measure(device.Device, precision);
        foreach (ParityRow row in rows)
            Console.WriteLine(row);
        return rows.All(r => r.Holds) ? 0 : 1;
    }
}
