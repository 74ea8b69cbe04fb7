using BenchmarkDotNet.Running;
using MerBench.Perf;

switch (args)
{
    case [("steps" or "training" or "layers" or "decoding" or "cells" or "guests" or "all") and var what, .. var options]:
        Report.Write(what, HarnessOptions.Read(options));
        return 0;
    case ["settings", .. var options]:
        Report.WriteSettings(options);
        return 0;
    case [SettingProcess.Verb, var threads]:
        SettingProcess.Answer(int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["device", .. var options]:
        DeviceHarness.Run(options);
        return 0;
    case ["parity", .. var options]:
        return ParityCommand.Run(options);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, Report.Benchmarks);
return 0;
