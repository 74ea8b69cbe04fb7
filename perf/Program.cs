using BenchmarkDotNet.Running;
using MerBench.Perf;

if (args is ["steps", .. var options])
{
    StepHarness.Run(options);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
