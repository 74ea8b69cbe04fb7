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
    private Study _study = null!;

    [OneTimeSetUp]
    public async Task Run() => _study = await Study.Run();

    [OneTimeTearDown]
    public void Delete() => _study?.Dispose();

    [TestCase(15)]
    public async Task Full(int sizes)
    {
        int refused = 0;
        for (int i = 1; i <= sizes; i++)
        {
            using var disk = new SmallDisk(kilobytes: 150 * i);
            (int exitCode, string errors) = await Run(disk, _ => Task.CompletedTask);
            refused += RequireOneMessage(exitCode, errors, "the disk is full") ? 1 : 0;
            disk.Remount("size=20m");
            await GoOn(disk);
        }

        await TestContext.Out.WriteLineAsync($"full: {refused} of {sizes} sizes were too small");
        Assert.That(refused, Is.GreaterThan(sizes / 2));
    }

    [TestCase(15)]
    public async Task Read_only(int times)
    {
        var random = new Random(times);
        int refused = 0;
        for (int i = 0; i < times; i++)
        {
            using var disk = new SmallDisk(kilobytes: 20_000);
            (int exitCode, string errors) = await Run(disk, end => BecomeReadOnly(disk, _study.Duration * random.NextDouble(), end));
            refused += RequireOneMessage(exitCode, errors, "read-only") ? 1 : 0;
            disk.Remount("rw");
            await GoOn(disk);
        }

        await TestContext.Out.WriteLineAsync($"read-only: {refused} of {times} runs had not ended before");
        Assert.That(refused, Is.GreaterThan(times / 3));
    }

    [TestCase(15)]
    public async Task Without_permission(int times)
    {
        var random = new Random(times);
        int refused = 0;
        await _study.StartCommand(["chmod", "a+rx", _study.Tool.Folder], NoVariables).WaitForExitAsync();
        for (int i = 0; i < times; i++)
        {
            using var disk = new SmallDisk(kilobytes: 20_000);
            await Change("chown", $"{Nobody}:{Nobody}", disk.Path);
            (int exitCode, string errors) = await Run(disk, _ => TakeAway(disk, _study.Duration * random.NextDouble()), asNobody: true);
            refused += RequireOneMessage(exitCode, errors, "may not write there") ? 1 : 0;
            await GoOn(disk);
        }

        await TestContext.Out.WriteLineAsync($"without permission: {refused} of {times} runs had not ended before");
        Assert.That(refused, Is.GreaterThan(times / 3));
    }

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
