using System.Globalization;
using System.Runtime.CompilerServices;
using MerBench.Host;
using MerBench.Host.Torch;
using MerBench.TorchProbe;
using TorchSharp;

// Arguments: what to do, or the device to compute a gradient on and the libtorch to use, if any. A user's error goes to standard error.
try
{
    switch (args)
    {
        case ["select", ..]:
            TorchBackend selected = TorchBackend.Select(args.ElementAtOrDefault(1));
            Console.WriteLine($"{selected.Folder?.Origin} {selected.Folder?.Path}");
            break;
        case ["convolve-without-onednn"]:
            TorchBackend.Select(null).Choose("cpu");
            Console.WriteLine(TorchContext.DisableOneDnn() ? "without oneDNN" : "this libtorch has no such switch");
            Convolve();
            break;
        case ["train", var times]:
            TorchBackend.Select(null).Choose("cpu", threads: 1);
            StressedTraining.Repeat(int.Parse(times, CultureInfo.InvariantCulture));
            break;
        default:
            Describe(args[0], args.ElementAtOrDefault(1));
            break;
    }

    return 0;
}
catch (UserErrorException problem)
{
    Console.Error.WriteLine(problem.Message);
    return problem.Kind == ErrorKind.Environment ? 4 : 3;
}

static void Describe(string name, string? libtorch)
{
    TorchBackend backend = TorchBackend.Select(libtorch);
    TorchDevice device = backend.Choose(name);
    Console.WriteLine($"{backend.Folder!.Origin} {backend.Version} {device.Name} {device.Threads} threads, gradient {Gradient()}");
    if (!OperatingSystem.IsLinux())
        return;
    foreach (
        string library in File.ReadLines("/proc/self/maps")
            .Where(l =>
                l.Contains("/libtorch_cpu.", StringComparison.Ordinal) || l.Contains("/libLibTorchSharp.", StringComparison.Ordinal)
            )
            .Select(l => l[l.IndexOf('/')..])
            .Distinct()
    )
        Console.WriteLine(library);
}

[MethodImpl(MethodImplOptions.NoInlining)]
static float Gradient()
{
    using var scope = torch.NewDisposeScope();
    torch.Tensor x = torch.ones(3, 3, requires_grad: true);
    x.matmul(x).sum().backward();
    return x.grad!.sum().item<float>();
}

// For batches of 16 libtorch asks NNPACK where oneDNN is out.
[MethodImpl(MethodImplOptions.NoInlining)]
static void Convolve()
{
    using var scope = torch.NewDisposeScope();
    for (int batch = 1; batch <= 16; batch *= 16)
    for (int kernel = 1; kernel <= 5; kernel += 2)
        torch.nn.functional.conv2d(torch.ones(batch, 4, 20, 20), torch.ones(4, 4, kernel, kernel));
}
