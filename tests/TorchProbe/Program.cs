using System.Runtime.CompilerServices;
using MerBench.Host;
using MerBench.Host.Native;
using TorchSharp;

// Arguments: the device, then the libtorch to use, if any. Standard output is one line; a user's error goes to standard error.
try
{
    TorchBackend backend = TorchBackend.Select(args.ElementAtOrDefault(1));
    if (args is ["select", ..])
    {
        Console.WriteLine($"{backend.Folder?.Origin} {backend.Folder?.Path}");
        return 0;
    }

    TorchDevice device = backend.Choose(args[0]);
    Console.WriteLine($"{backend.Folder!.Origin} {backend.Version} {device.Name} {device.Threads} threads, gradient {Gradient()}");
    if (OperatingSystem.IsLinux())
    {
        foreach (string library in File.ReadLines("/proc/self/maps").Where(l => l.Contains("/libtorch_cpu.", StringComparison.Ordinal) || l.Contains("/libLibTorchSharp.", StringComparison.Ordinal)).Select(l => l[l.IndexOf('/')..]).Distinct())
            Console.WriteLine(library);
    }

    return 0;
}
catch (UserErrorException problem)
{
    Console.Error.WriteLine(problem.Message);
    return problem.ExitCode;
}

[MethodImpl(MethodImplOptions.NoInlining)]
static float Gradient()
{
    using var scope = torch.NewDisposeScope();
    torch.Tensor x = torch.ones(3, 3, requires_grad: true);
    x.matmul(x).sum().backward();
    return x.grad!.sum().item<float>();
}
