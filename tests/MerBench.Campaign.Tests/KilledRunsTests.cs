using System.Diagnostics;
using System.Globalization;

namespace MerBench.Tests.Campaign;

/// <summary>Runs that are killed at any moment: what was finished is not computed again, and what is found in the end is what a run finds
/// that nobody disturbs, to the last bit.</summary>
[Platform("Linux")]
public sealed class KilledRunsTests
{
    private Study _study = null!;

    public enum Mode
    {
        Single,
        Workers,
        Shards,
    }

    [OneTimeSetUp]
    public async Task Run() => _study = await Study.Run();

    [OneTimeTearDown]
    public void Delete() => _study?.Dispose();

    // One store for all three, in turn.
    [Test]
    [Category("Slow")]
    [Explicit("Four runs and one that nobody disturbs; run it with: dotnet test tests/MerBench.Campaign.Tests --filter TestCategory=Slow")]
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
            late = 0,
            studies = 0;
        for (; killed < kills; studies++)
        {
            var random = new Random((22 * 1000) + studies);
            string store = $"{mode}-{studies}";
            for (int i = random.Next(1, 5); i > 0 && killed < kills; i--)
                _ = await StartAndKill(mode, store, random) ? killed++ : late++;
            await Finish(mode, store);
            Directory.Delete(_study.Tool.PathOf(store), recursive: true);
        }

        await TestContext.Out.WriteLineAsync($"{mode}: {killed} kills in {studies} studies; {late} more came after the end");
    }

    /// <summary>Runs for a while and kills a process of it; whether it had not ended by itself.</summary>
    private async Task<bool> StartAndKill(Mode mode, string store, Random random)
    {
        IReadOnlyDictionary<string, string> before = _study.ReadFinished(store);
        Process[] processes = [.. Commands(mode, store).Select(_study.Start)];
        await Task.Delay(_study.Duration * (0.1 + random.NextDouble()));
        Process[] victims = [.. processes.Concat(processes.SelectMany(Children))];
        bool isInTime = Kill(victims[random.Next(victims.Length)]);
        // Where only one of several died, the others go on to their end.
        foreach (Process process in processes)
        {
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _study.RequireKept(before, store);
        return isInTime;
    }

    private async Task Finish(Mode mode, string store)
    {
        IReadOnlyDictionary<string, string> before = _study.ReadFinished(store);
        if (mode == Mode.Shards)
        {
            await Task.WhenAll(Commands(mode, store).Select(_study.Succeed));
            await _study.Succeed("merge", Study.File, "--cache", store, "-q");
        }
        else
        {
            await _study.Succeed([.. Commands(mode, store).Single()]);
        }

        _study.RequireKept(before, store);
        _study.RequireWhole(store);
    }

    private static IEnumerable<string[]> Commands(Mode mode, string store) =>
        mode switch
        {
            Mode.Single =>
            [
                ["run", Study.File, "--cache", store, "--device", "cpu", "-q"],
            ],
            Mode.Workers =>
            [
                ["run", Study.File, "--cache", store, "--device", "cpu,cpu", "-q"],
            ],
            _ =>
            [
                ["run", Study.File, "--cache", store, "--shard", "1/2", "-q"],
                ["run", Study.File, "--cache", store, "--shard", "2/2", "-q"],
            ],
        };

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
