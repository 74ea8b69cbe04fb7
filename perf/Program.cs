using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using MerBench.Perf;

if (args is ["steps", .. var options])
{
    StepHarness.Run(options);
    return;
}

if (args is ["layers"]) { MerBench.Host.Native.TorchBackend.Select(null).EnsureLoaded(); LayerProfile.Write(Console.Out, 7, 4); return; }


// In this process: the natives lie beside it, and not beside the projects that BenchmarkDotNet would generate.
Job job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(7);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance).AddJob(job));
