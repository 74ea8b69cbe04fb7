using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using MerBench.Host.Native;
using MerBench.Perf;

switch (args)
{
    case ["steps", .. var options]:
        StepHarness.Run(options);
        return 0;
    case ["device", .. var options]:
        DeviceHarness.Run(options);
        return 0;
    case ["parity", .. var options]:
        return ParityCommand.Run(options);
    case ["layers"]:
        TorchBackend.Select(null).EnsureLoaded();
        LayerProfile.Write(Console.Out, 7, 4);
        return 0;
}

// In this process: the natives lie beside it, and not beside the projects that BenchmarkDotNet would generate.
Job job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(7);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance).AddJob(job));
return 0;
