using System.Diagnostics;
using System.Globalization;

namespace MerBench.Tests.Campaign;

/// <summary>Disks that take no more at any moment of a run, each with one message and exit code 4; nothing that was finished is lost, and
/// the run goes on once there is room.</summary>
[Platform("Linux")]
public sealed class FailingDiskTests
{
    private const int NotPermitted = 1,
        InputOutput = 5,
        Denied = 13,
        Busy = 16,
        NoSpace = 28,
        ReadOnly = 30,
        Stale = 116,
        Quota = 122;

    private Study _study = null!;
    private string _library = "";
    private string[] _changes = [];

    [OneTimeSetUp]
    public async Task Run()
    {
        _study = await Study.Run();
        _library = FailingDisk.CompileOrSkip(_study.Tool.Folder);
        (int exitCode, string errors) = await RunOnFailingDisk("counted", at: 0, NoSpace);
        Assert.That((exitCode, errors), Is.EqualTo((0, "")));
        _changes = File.ReadAllLines(_study.Tool.PathOf("trace"));
    }

    [OneTimeTearDown]
    public void Delete() => _study?.Dispose();

    [TestCase(Quota, "the disk quota is used up", 20, Category = "Campaign", Explicit = true)]
    [TestCase(NoSpace, "the disk is full", 40, Category = "Campaign", Explicit = true)]
    [TestCase(ReadOnly, "the disk is read-only", 20, Category = "Campaign", Explicit = true)]
    [TestCase(Denied, "may not write there", 20, Category = "Campaign", Explicit = true)]
    [TestCase(NotPermitted, "may not write there", 20, Category = "Campaign", Explicit = true)]
    [TestCase(InputOutput, "error", 20, Category = "Campaign", Explicit = true)]
    public async Task From_some_change_on_none_succeeds(int error, string reason, int moments)
    {
        var random = new Random(error);
        var stages = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int moment = 0; moment < moments; moment++)
        {
            // One in each part of the run.
            int at = 1 + (int)(_changes.Length * (moment + random.NextDouble()) / moments);
            string folder = $"disk-{error}-{moments}-{moment}",
                stage = Stage(at);
            (int exitCode, string errors) = await RunOnFailingDisk(folder, at, error);
            stages[stage] = stages.GetValueOrDefault(stage) + 1;
            // Runs note their progress by the clock, so that the last moments may lie beyond the end.
            if ((exitCode, errors) == (0, "") && at > _changes.Length * 0.95)
            {
                _study.RequireWhole($"{folder}/store");
                continue;
            }

            // All results stand already where results.md alone cannot be written, which is said.
            string complaint = exitCode == 0 ? $@"^no results\.md: \S*/{folder}/.*" : $@"^error: \S*/{folder}/.*";
            Assert.That(exitCode, Is.EqualTo(4).Or.Zero, $"change {at}, in {stage}: {errors}");
            Assert.That(errors, Does.Match($"{complaint} cannot be written: .*{reason}").IgnoreCase, $"change {at}, in {stage}");
            // Its table stands among the errors then, for want of a file.
            if (exitCode != 0)
                Assert.That(errors.TrimEnd().Split('\n'), Has.Length.EqualTo(1), $"change {at}, in {stage}");
            await GoOn(folder);
        }

        string seen = string.Join(", ", stages.Select(s => $"{s.Value} in {s.Key}"));
        await TestContext.Out.WriteLineAsync($"error {error}: {moments} moments among {_changes.Length} changes: {seen}");
    }

    // As the server of a network's file system answers when it has done what was asked, or is at something else.
    [TestCase(Stale, 40)]
    [TestCase(Busy, 20)]
    [Category("Campaign")]
    [Explicit("Takes minutes; run it with: dotnet test --filter TestCategory=Campaign")]
    public async Task A_rename_that_is_said_to_fail_costs_nothing(int error, int moments)
    {
        int renames = _changes.Count(change => change.StartsWith("rename ", StringComparison.Ordinal));
        for (int moment = 0; moment < moments; moment++)
        {
            string folder = $"rename-{error}-{moment}";
            (int exitCode, string errors) = await RunOnFailingDisk(folder, 1 + (renames * moment / moments), error, isRenameOnly: true);
            Assert.That((exitCode, errors), Is.EqualTo((0, "")));
            _study.RequireWhole($"{folder}/store");
            Directory.Delete(_study.Tool.PathOf(folder), recursive: true);
        }

        await TestContext.Out.WriteLineAsync($"error {error}: {moments} of {renames} renames");
    }

    private async Task GoOn(string folder)
    {
        IReadOnlyDictionary<string, string> before = _study.ReadFinished($"{folder}/store");
        await _study.Succeed("run", Study.File, "--cache", $"{folder}/store", "-o", $"{folder}/results", "-q");
        _study.RequireKept(before, $"{folder}/store");
        _study.RequireWhole($"{folder}/store");
        Directory.Delete(_study.Tool.PathOf(folder), recursive: true);
    }

    private async Task<(int ExitCode, string Errors)> RunOnFailingDisk(string folder, int at, int error, bool isRenameOnly = false)
    {
        string path = Directory.CreateDirectory(_study.Tool.PathOf(folder)).FullName;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = _library,
            ["FAULT_PATH"] = path + "/",
            ["FAULT_AT"] = at.ToString(CultureInfo.InvariantCulture),
            ["FAULT_ERRNO"] = error.ToString(CultureInfo.InvariantCulture),
        };
        if (at == 0)
            variables["FAULT_TRACE"] = _study.Tool.PathOf("trace");
        if (isRenameOnly)
            (variables["FAULT_CALL"], variables["FAULT_ONCE"]) = ("rename", "1");
        string[] command =
        [
            "dotnet",
            MerBenchTool.Assembly,
            "run",
            Study.File,
            "--cache",
            $"{folder}/store",
            "-o",
            $"{folder}/results",
            "-q",
        ];
        using Process process = _study.StartCommand(command, variables);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    private string Stage(int at)
    {
        string[] parts = Path.GetRelativePath(_study.Tool.PathOf("counted"), _changes[at - 1].Split(' ', 2)[1]).Split('/');
        return parts[0] == "store" && parts.Length > 1 ? $"{parts[0]}/{parts[1]}" : parts[0];
    }
}
