using System.Diagnostics;
using System.Globalization;
using CliWrap.Buffered;

namespace MerBench.Tests.Campaign;

/// <summary>Runs that are killed at any moment: what was finished is not computed again, and what is found in the end is what a run finds
/// that nobody disturbs, to the last bit.</summary>
[Platform("Linux")]
public sealed class KilledRunsTests
{
    private const string Study = """
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

    private readonly MerBenchTool _tool = new();
    private IReadOnlyDictionary<string, string> _undisturbed = null!;
    private TimeSpan _duration;

    public enum Mode
    {
        Single,
        Workers,
        Shards,
    }

    [OneTimeSetUp]
    public async Task Run()
    {
        _tool.Write("study.yaml", Study);
        var watch = Stopwatch.StartNew();
        await Succeed("run", "study.yaml", "--cache", "undisturbed", "-q");
        _duration = watch.Elapsed;
        _undisturbed = StoreContent.Read(_tool.PathOf("undisturbed"));
        Assert.That(_undisturbed.Keys.Count(k => k.EndsWith("cell.json", StringComparison.Ordinal)), Is.EqualTo(16));
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    // One store for all three, in turn.
    [Test]
    public async Task What_is_killed_goes_on_in_whatever_way()
    {
        var random = new Random(22);
        foreach (Mode mode in Enum.GetValues<Mode>())
            await StartAndKill(mode, "together", random);
        await Finish(Mode.Single, "together");
    }

    [TestCase(Mode.Single, 80)]
    [TestCase(Mode.Workers, 60)]
    [TestCase(Mode.Shards, 60)]
    [Category("Campaign")]
    [Explicit("Takes half an hour; run it with: dotnet test --filter TestCategory=Campaign")]
    public async Task Killed_again_and_again(Mode mode, int kills)
    {
        int killed = 0,
            inTime = 0,
            studies = 0;
        for (; killed < kills; studies++)
        {
            var random = new Random((22 * 1000) + studies);
            string store = $"{mode}-{studies}";
            for (int i = random.Next(1, 5); i > 0 && killed < kills; i--, killed++)
                inTime += await StartAndKill(mode, store, random) ? 1 : 0;
            await Finish(mode, store);
            Directory.Delete(_tool.PathOf(store), recursive: true);
        }

        await TestContext.Out.WriteLineAsync($"{mode}: {killed} kills in {studies} studies, {inTime} before the process had ended");
    }

    /// <summary>Runs for a while and kills a process of it; whether it had not ended by itself.</summary>
    private async Task<bool> StartAndKill(Mode mode, string store, Random random)
    {
        IReadOnlyDictionary<string, string> before = StoreContent.ReadFinished(_tool.PathOf(store));
        Process[] processes = [.. Commands(mode, store).Select(Start)];
        await Task.Delay(_duration * (0.1 + random.NextDouble()));
        Process[] victims = [.. processes.Concat(processes.SelectMany(Children))];
        bool isInTime = Kill(victims[random.Next(victims.Length)]);
        // Where only one of several died, the others go on to their end.
        foreach (Process process in processes)
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }

        RequireKept(before, store);
        return isInTime;
    }

    private async Task Finish(Mode mode, string store)
    {
        IReadOnlyDictionary<string, string> before = StoreContent.ReadFinished(_tool.PathOf(store));
        if (mode == Mode.Shards)
        {
            await Task.WhenAll(Commands(mode, store).Select(Succeed));
            await Succeed("merge", "study.yaml", "--cache", store, "-q");
        }
        else
        {
            await Succeed([.. Commands(mode, store).Single()]);
        }

        RequireKept(before, store);
        Assert.That(StoreContent.Read(_tool.PathOf(store)), Is.EquivalentTo(_undisturbed));
    }

    private static IEnumerable<string[]> Commands(Mode mode, string store) =>
        mode switch
        {
            Mode.Single =>
            [
                ["run", "study.yaml", "--cache", store, "--device", "cpu", "-q"],
            ],
            Mode.Workers =>
            [
                ["run", "study.yaml", "--cache", store, "--device", "cpu,cpu", "-q"],
            ],
            _ =>
            [
                ["run", "study.yaml", "--cache", store, "--shard", "1/2", "-q"],
                ["run", "study.yaml", "--cache", store, "--shard", "2/2", "-q"],
            ],
        };

    private void RequireKept(IReadOnlyDictionary<string, string> before, string store)
    {
        IReadOnlyDictionary<string, string> after = StoreContent.ReadFinished(_tool.PathOf(store));
        foreach ((string entry, string content) in before)
            Assert.That(after.GetValueOrDefault(entry), Is.EqualTo(content), $"{entry} was finished, and computed again");
    }

    private async Task Succeed(params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run(arguments);
        Assert.That(result.ExitCode, Is.Zero, $"{string.Join(' ', arguments)}\n{result.StandardError}");
    }

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [MerBenchTool.Assembly, .. arguments])
        {
            WorkingDirectory = _tool.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in _tool.Variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static IEnumerable<Process> Children(Process parent)
    {
        string[] ids = Try(() => Directory.GetDirectories($"/proc/{parent.Id}/task"))
            .SelectMany(task => Try(() => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ToArray();
        return ids.SelectMany(id => Try(() => new[] { Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)) }));

        // Whoever ends at this moment is nobody's child.
        static T[] Try<T>(Func<T[]> look)
        {
            try
            {
                return look();
            }
            catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    private static bool Kill(Process process)
    {
        bool isRunning = !process.HasExited;
        process.Kill();
        return isRunning;
    }
}
