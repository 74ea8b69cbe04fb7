using System.Diagnostics;
using MerBench.Host.Arithmetic;

namespace MerBench.Perf;

/// <summary>
/// What each setting of the self-test costs on this processor: a training step and an attack step of the study's network, and the
/// quickstart, all
/// settings in turn in each round. Whether a setting computes rightly is not asked here; a quickstart that fails under one that does not
/// has NaN.
/// </summary>
internal static class SettingHarness
{
    private const string Quickstart = "quickstart, s";

    private static readonly (string Name, string Task)[] Tasks =
    [
        ("training step, ms a clip", "training"),
        ("attack step, the model itself, ms a clip", "model"),
        ("attack step, attack form, ms a clip", "form"),
    ];

    /// <param name="tool">The built tool, for the quickstart; empty to leave it out.</param>
    public static void Write(TextWriter report, HarnessOptions options, string tool)
    {
        IReadOnlyList<ArithmeticSetting> settings = ArithmeticSetting.ListFor(InstructionSet.OfProcessor);
        var processes = settings.Select(setting => SettingProcess.Start(setting, options)).ToList();
        try
        {
            var turns = new Turns();
            foreach ((string name, string task) in Tasks)
            foreach (SettingProcess process in processes)
                turns.Add($"{process.Name}/{name}", () => process.Measure(task, options.Steps, options.Batch));
            if (tool.Length > 0)
                foreach (ArithmeticSetting setting in settings)
                    turns.Add($"{setting.Name}/{Quickstart}", () => RunQuickstart(setting, tool));
            turns.Run(options.Rounds);

            report.WriteLine($"This processor has {InstructionSet.OfProcessor}.");
            report.WriteLine();
            report.WriteLine("| | setting | | times as long as it is |");
            report.WriteLine("|---|---|---:|---:|");
            foreach (string what in Tasks.Select(t => t.Name).Concat(tool.Length > 0 ? [Quickstart] : []))
            {
                foreach (ArithmeticSetting setting in settings)
                {
                    string spread = Turns.Spread([.. turns.Of($"{setting.Name}/{what}")]);
                    string ratio = Turns.Spread(turns.Ratios($"{setting.Name}/{what}", $"{settings[0].Name}/{what}"), "0.00");
                    report.WriteLine($"| {what} | {setting.Name} | {spread} | {ratio} |");
                }
            }
        }
        finally
        {
            foreach (SettingProcess process in processes)
                process.Dispose();
        }
    }

    private static double RunQuickstart(ArithmeticSetting setting, string tool)
    {
        string folder = Directory.CreateTempSubdirectory("merbench-quickstart-").FullName;
        string[] arguments =
        [
            tool,
            "run",
            Path.Combine("benchmarks", "quickstart.yaml"),
            "-q",
            "--cache",
            Path.Combine(folder, "cache"),
            "-o",
            Path.Combine(folder, "results"),
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach ((string name, string value) in setting.Variables)
            start.Environment[name] = value;
        start.Environment[ArithmeticChoice.ChosenVariable] = "chosen";
        long begun = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Directory.Delete(folder, recursive: true);
        return process.ExitCode == 0 ? seconds : double.NaN;
    }
}
