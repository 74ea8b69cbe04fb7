using System.Diagnostics;
using CliWrap.Buffered;

namespace MerBench.Tests.Campaign;

/// <summary>A small study of sixteen cells, what it finds when nobody disturbs it, and a tool to run it with.</summary>
internal sealed class Study : IDisposable
{
    private const string Text = """
        name: study
        dataset: { use: cues, with: { clips: 16, seconds: 1 } }
        models:
          ridge: ridge
          network: { use: vgg, with: { width: 0.05 }, train: { epochs: 3, batch: 8 } }
        perturbations:
          noise: { use: noise, severities: [2, 4] }
          pgd: { use: pgd, with: { steps: 5 }, budgets: { linf: [0.03, 0.1] } }
        seeds: [1, 2]
        metrics: [mae, rmse]
        """;

    private IReadOnlyDictionary<string, string> _undisturbed = null!;

    private Study() => Tool.Write(File, Text);

    public const string File = "study.yaml";

    public MerBenchTool Tool { get; } = new();

    /// <summary>How long a run takes that nobody disturbs.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Runs it once, undisturbed.</summary>
    public static async Task<Study> Run()
    {
        var study = new Study();
        var watch = Stopwatch.StartNew();
        await study.Succeed("run", File, "--cache", "undisturbed", "-q");
        study.Duration = watch.Elapsed;
        study._undisturbed = StoreContent.Read(study.Tool.PathOf("undisturbed"));
        Assert.That(study._undisturbed.Keys.Count(k => k.EndsWith("cell.json", StringComparison.Ordinal)), Is.EqualTo(16));
        return study;
    }

    public void Dispose() => Tool.Dispose();

    public async Task Succeed(params string[] arguments)
    {
        BufferedCommandResult result = await Tool.Run(arguments);
        Assert.That(result.ExitCode, Is.Zero, $"{string.Join(' ', arguments)}\n{result.StandardError}");
    }

    /// <summary>A store holds to the last bit what an undisturbed run finds.</summary>
    public void RequireWhole(string store) => Assert.That(StoreContent.Read(Tool.PathOf(store)), Is.EquivalentTo(_undisturbed));

    /// <summary>Finished work, to be handed to <see cref="RequireKept"/>.</summary>
    public IReadOnlyDictionary<string, string> ReadFinished(string store) => StoreContent.ReadFinished(Tool.PathOf(store));

    /// <summary>What was finished then was not computed again since.</summary>
    public void RequireKept(IReadOnlyDictionary<string, string> before, string store)
    {
        IReadOnlyDictionary<string, string> after = ReadFinished(store);
        foreach ((string entry, string content) in before)
            Assert.That(after.GetValueOrDefault(entry), Is.EqualTo(content), $"{entry} was finished, and computed again");
    }

    /// <summary>Starts the tool without waiting for it.</summary>
    public Process Start(params string[] arguments) =>
        StartCommand(["dotnet", MerBenchTool.Assembly, .. arguments], new Dictionary<string, string>());

    /// <param name="command">A program and its arguments.</param>
    /// <param name="variables">Of its environment, besides those of the tool.</param>
    public Process StartCommand(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = Tool.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in Tool.Variables)
            start.Environment[name] = value;
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
