using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>The tables of docs/performance.md as Markdown on stdout, each with its command, the machine and the day.</summary>
internal static class Report
{
    private const int TrainingRounds = 3,
        DecodedFiles = 48;

    /// <summary>In this process: the natives lie beside it, and not beside the projects that BenchmarkDotNet would generate.</summary>
    public static IConfig Benchmarks { get; } =
        ManualConfig
            .Create(DefaultConfig.Instance)
            .AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(7));

    /// <summary>What each setting of the self-test of arithmetic costs; <c>--tool merbench.dll</c> adds the quickstart.</summary>
    public static void WriteSettings(string[] words)
    {
        HarnessOptions options = HarnessOptions.Read(words);
        string machine = FormattableString.Invariant(
            $"{Processor.Name}, {Environment.ProcessorCount} cores, {options.Threads} threads, {DateTime.UtcNow:yyyy-MM-dd}"
        );
        Console.Out.WriteLine(machine);
        Console.Out.WriteLine();
        SettingHarness.Write(Console.Out, options, Options.Text(words, "--tool", ""));
    }

    public static void Write(string what, HarnessOptions options)
    {
        TorchBackend.Select(null).EnsureLoaded();
        set_num_threads(options.Threads);
        TextWriter report = Console.Out;
        report.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Processor.Name}, {Environment.ProcessorCount} cores, {options.Threads} threads, libtorch {__version__}, "
                    + $"{DateTime.UtcNow:yyyy-MM-dd}"
            )
        );
        bool isAll = what == "all";
        if (isAll || what == "steps")
            Section("A step of the attack", $"steps {options}", () => StepHarness.Write(report, options));
        HarnessOptions training = options with { Rounds = Math.Min(options.Rounds, TrainingRounds) };
        if (isAll || what == "training")
            Section("An adversarial epoch", $"training {training}", () => TrainingHarness.Write(report, training, batches: 1));
        if (isAll || what == "layers")
            Section("Layers", $"layers {options}", () => LayerProfile.Write(report, options.Rounds, options.Batch));
        if (isAll || what == "decoding")
            Section("Decoding", "decoding", () => DecodingHarness.Write(report, DecodedFiles, options.Rounds));
        if (isAll || what == "cells")
            Section("Cells", "cells", () => CellHarness.Write(report, options.Rounds));
        if (isAll || what == "guests")
            Section("Guests", "guests", () => GuestHarness.Write(report, options.Rounds));
        if (!isAll)
            return;
        Section("Pieces", "--filter '*Piece*'", () => Measured<PieceBenchmarks>(report));
        Section("The host", "--filter '*Host*'", () => Measured<HostBenchmarks>(report));

        void Section(string title, string command, Action write)
        {
            report.WriteLine();
            report.WriteLine($"## {title}");
            report.WriteLine($"`dotnet run -c Release --project perf -- {command}`");
            report.WriteLine();
            write();
        }
    }

    // BenchmarkDotNet tells its story on the console; here go its results alone.
    private static void Measured<T>(TextWriter report)
    {
        TextWriter console = Console.Out;
        Console.SetOut(TextWriter.Null);
        Summary summary = BenchmarkRunner.Run<T>(Benchmarks);
        Console.SetOut(console);
        report.WriteLine("| | ms | ± |");
        report.WriteLine("|---|---:|---:|");
        foreach (BenchmarkReport row in summary.Reports)
        {
            if (row.ResultStatistics is not { } found)
                continue;
            report.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')} | {found.Mean / 1e6:0.00} | "
                        + $"{found.StandardDeviation / 1e6:0.00} |"
                )
            );
        }
    }
}
