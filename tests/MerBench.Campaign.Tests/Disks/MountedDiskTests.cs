using System.Diagnostics;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Campaign;

/// <summary>Disks of the system that are full, become read-only, or are taken away from the user while a run writes to them.</summary>
[Platform("Linux")]
[Category("Campaign")]
[Explicit("Takes minutes and the rights of root; run it with: dotnet test --filter TestCategory=Campaign")]
public sealed class MountedDiskTests
{
    private const string Nobody = "65534";
    private const int Times = 15;
    private readonly Random _random = new(Times);
    private Study _study = null!;

    [OneTimeSetUp]
    public async Task Run() => _study = await Study.Run();

    [OneTimeTearDown]
    public void Delete() => _study?.Dispose();

    [Test]
    public Task Full() =>
        Disturb("the disk is full", i => 150 * (i + 1), disk => Run(disk, _ => Task.CompletedTask), disk => disk.Remount("size=20m"));

    [Test]
    public Task Read_only() =>
        Disturb("read-only", _ => 20_000, disk => Run(disk, end => BecomeReadOnly(disk, DrawMoment(), end)), disk => disk.Remount("rw"));

    [Test]
    public async Task Without_permission()
    {
        await Change("chmod", "a+rx", _study.Tool.Folder);
        await Disturb("may not write there", _ => 20_000, RunAsNobody, _ => { });

        async Task<(int, string)> RunAsNobody(SmallDisk disk)
        {
            await Change("chown", $"{Nobody}:{Nobody}", disk.Path);
            return await Run(disk, _ => TakeAway(disk, DrawMoment()), asNobody: true);
        }
    }

    /// <summary>Disturbs runs, has each go on afterwards, and says how many were disturbed before their end.</summary>
    /// <param name="reason">What they have to say.</param>
    /// <param name="size">Of the disk of each run, in kilobytes.</param>
    private async Task Disturb(
        string reason,
        Func<int, int> size,
        Func<SmallDisk, Task<(int ExitCode, string Errors)>> run,
        Action<SmallDisk> mend
    )
    {
        int refused = 0;
        for (int i = 0; i < Times; i++)
        {
            using var disk = new SmallDisk(size(i));
            (int exitCode, string errors) = await run(disk);
            refused += RequireOneMessage(exitCode, errors, reason) ? 1 : 0;
            mend(disk);
            await GoOn(disk);
        }

        await TestContext.Out.WriteLineAsync($"{reason}: {refused} of {Times} runs had not ended before");
        Assert.That(refused, Is.GreaterThan(Times / 3));
    }

    private TimeSpan DrawMoment() => _study.Duration * _random.NextDouble();

    private static readonly Dictionary<string, string> NoVariables = [];

    // Whether it was refused at all.
    private static bool RequireOneMessage(int exitCode, string errors, string reason)
    {
        if (exitCode == 0)
            return false;
        Assert.That(exitCode, Is.EqualTo(4), errors);
        Assert.That(errors, Does.StartWith("error: ").And.Contain(" cannot be written: ").And.Contain(reason));
        Assert.That(errors.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        return true;
    }

    // A disk cannot become so while a file on it is being written.
    private static async Task BecomeReadOnly(SmallDisk disk, TimeSpan after, Task end)
    {
        await Task.Delay(after);
        while (!end.IsCompleted && !disk.TryRemount("ro"))
            await Task.Delay(1);
    }

    private async Task TakeAway(SmallDisk disk, TimeSpan after)
    {
        await Task.Delay(after);
        await Change("chown", "-R", "0:0", disk.Path);
        await Change("chmod", "-R", "go-w", disk.Path);
    }

    private async Task Change(params string[] command)
    {
        using Process process = _study.StartCommand(command, NoVariables);
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
    }

    private async Task<(int ExitCode, string Errors)> Run(SmallDisk disk, Func<Task, Task> disturb, bool asNobody = false)
    {
        string[] user = asNobody ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : [];
        using Process process = _study.StartCommand(
            [.. user, "dotnet", MerBenchTool.Assembly, .. Arguments(disk)],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = Path.GetTempPath() }
        );
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await disturb(errors);
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, await errors);
    }

    private async Task GoOn(SmallDisk disk)
    {
        string store = Path.Combine(disk.Path, "store");
        IReadOnlyDictionary<string, string> before = _study.ReadFinished(store);
        await _study.Succeed(Arguments(disk));
        _study.RequireKept(before, store);
        _study.RequireWhole(store);
    }

    private static string[] Arguments(SmallDisk disk) =>
        ["run", Study.File, "--cache", Path.Combine(disk.Path, "store"), "-o", Path.Combine(disk.Path, "results"), "-q"];
}
