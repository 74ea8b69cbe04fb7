using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Attacks.Gradient;
using MerBench.Host.Torch;
using MerBench.Models.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>
/// Steps of <c>adam-sign</c> on one device, by batch size and precision, each in turn with eager PyTorch as a good user writes it
/// (<c>eager.py</c>) where Python has it. Nothing waits for the device within an attack; the clock stops when
/// the device is through.
/// </summary>
internal static class DeviceHarness
{
    // 50 models, 36 test clips, 1000 steps.
    private const double ProtocolSteps = 50 * 36 * 1000;
    private static readonly Precision[] All = [Precision.Fp32, Precision.Tf32, Precision.Bf16, Precision.Fp16];

    public static void Run(string[] options)
    {
        TorchBackend backend = TorchBackend.Select(null);
        TorchDevice device = backend.Choose(Options.Text(options, "--device", "auto"));
        bool isGpu = device.Type == "cuda";
        int rounds = Options.Number(options, "--rounds", 5),
            steps = Options.Number(options, "--steps", isGpu ? 200 : 4);
        int[] batches =
        [
            .. Options
                .Text(options, "--batches", isGpu ? "1,8,36,72,144,288" : "1,4")
                .Split(',')
                .Select(b => int.Parse(b, CultureInfo.InvariantCulture)),
        ];
        Precision[] precisions = [.. All.Where(p => isGpu || p is Precision.Fp32 or Precision.Bf16)];
        using VggModel model = PaperNetwork.Create(device: device.Device);
        PaperNetwork.Freeze(model);
        using EagerPyTorch? python = EagerPyTorch.Start(Options.Text(options, "--python", "python3"), device.Name, device.Threads);
        Console.WriteLine(
            $"{device.Name}, {device.Threads} threads, libtorch {backend.Version}{(python is null ? "" : $"; {python.Version}")}; "
                + $"{rounds} rounds of {steps} steps"
        );
        Console.WriteLine(
            "| precision | batch | MerBench, ms a step and clip | eager PyTorch, ms | times faster | the study's protocol, minutes |"
        );
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (Precision precision in precisions)
        {
            Allow(precision);
            // TF32 is a way to multiply float32.
            using IFrozenModel form = model.Freeze(precision == Precision.Tf32 ? Precision.Fp32 : precision);
            foreach (int batch in batches)
                Measure(precision, batch, form, device.Device, python, rounds, steps);
            Allow(Precision.Fp32);
        }
    }

    private static void Measure(
        Precision precision,
        int batch,
        IFrozenModel form,
        Device device,
        EagerPyTorch? python,
        int rounds,
        int steps
    )
    {
        var own = new List<double>();
        var eager = new List<double>();
        try
        {
            for (int round = -1; round < rounds; round++)
            {
                int count = round < 0 ? Math.Min(steps, 10) : steps;
                double mine = Attack(form, count, batch, device) / count / batch * 1000;
                double? theirs = python?.Seconds(count, batch, precision) / count / batch * 1000;
                if (round < 0)
                    continue;
                own.Add(mine);
                if (theirs is { } t)
                    eager.Add(t);
            }
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {precision.ToString().ToLowerInvariant()} | {batch} | failed: {e.Message.Split('\n')[0]} | | | |"
                )
            );
            return;
        }

        string ratio = eager.Count == 0 ? "" : Spread([.. eager.Zip(own, (theirs, mine) => theirs / mine)], "0.00");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {precision.ToString().ToLowerInvariant()} | {batch} | {Spread(own, "0.000")} | "
                    + $"{(eager.Count == 0 ? "" : Spread(eager, "0.000"))} | {ratio} | {own.Median() * ProtocolSteps / 60_000:0.0} |"
            )
        );
    }

    private static double Attack(IFrozenModel form, int steps, int batch, Device device)
    {
        using var scope = NewDisposeScope();
        using AttackContext context = PaperNetwork.Context(form.Forward, batch, device);
        Wait(device);
        long start = Stopwatch.GetTimestamp();
        new AdamSign(new AdamSignOptions(Steps: steps)).Perturb(context, CancellationToken.None);
        Wait(device);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Wait(Device device)
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize(device);
    }

    private static void Allow(Precision precision) =>
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (precision == Precision.Tf32, precision == Precision.Tf32);

    private static string Spread(List<double> values, string format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{values.Median().ToString(format, CultureInfo.InvariantCulture)} "
                + $"({values.Min().ToString(format, CultureInfo.InvariantCulture)} to "
                + $"{values.Max().ToString(format, CultureInfo.InvariantCulture)})"
        );
}

/// <summary>The same work in Python, in a process that waits for its turn.</summary>
internal sealed class EagerPyTorch : IDisposable
{
    private readonly Process _process;

    private EagerPyTorch(Process process, string version) => (_process, Version) = (process, version);

    public string Version { get; }

    public static EagerPyTorch? Start(string python, string device, int threads)
    {
        try
        {
            var process = Process.Start(
                new ProcessStartInfo(
                    python,
                    [Path.Combine(AppContext.BaseDirectory, "eager.py"), device, threads.ToString(CultureInfo.InvariantCulture)]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            if (process.StandardOutput.ReadLine() is { } version)
                return new EagerPyTorch(process, version);
            Console.Error.WriteLine($"Without Python's PyTorch: {process.StandardError.ReadToEnd().Trim().Split('\n')[^1]}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.Error.WriteLine($"Without Python's PyTorch: {e.Message}");
        }

        return null;
    }

    /// <summary>Null where it failed, as of too little memory.</summary>
    public double? Seconds(int steps, int batch, Precision precision)
    {
        _process.StandardInput.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{steps} {batch} {precision.ToString().ToLowerInvariant()}")
        );
        return double.TryParse(_process.StandardOutput.ReadLine(), CultureInfo.InvariantCulture, out double seconds) ? seconds : null;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
