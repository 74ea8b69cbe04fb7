using System.Globalization;
using System.Text.Json;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Runs.Progress;
using MerBench.Tests.Data;

namespace MerBench.Tests.Execution.Progress;

public sealed class RunWatchTests
{
    private static readonly RunProcess Here = new RunProgress().Status().Process;
    private readonly FixedClock _clock = new("2026-11-25T14:00:00Z");

    // Seconds since the run wrote; is its process here, gone or on another machine.
    [TestCase(1, "gone", LifeSign.Alive)]
    [TestCase(10, "gone", LifeSign.Dead)]
    [TestCase(10, "reused", LifeSign.Dead)]
    [TestCase(10, "here", LifeSign.Alive)]
    [TestCase(3600, "here", LifeSign.Silent)]
    [TestCase(10, "elsewhere", LifeSign.Alive)]
    [TestCase(120, "elsewhere", LifeSign.Silent)]
    [TestCase(3600, "elsewhere", LifeSign.Dead)]
    public void A_run_is_taken_for_dead_when_its_process_is_gone_or_silent_for_long(int seconds, string where, LifeSign expected)
    {
        using var folder = new TemporaryFolder();
        RunProcess process = where switch
        {
            "here" => Here,
            "gone" => Here with { Id = int.MaxValue },
            "reused" => Here with { Started = Here.Started.AddHours(-1) },
            _ => Here with { Host = "another machine" },
        };
        Write(folder.Path, process, _clock.GetUtcNow().AddSeconds(-seconds));
        Assert.That(RunWatch.Open(folder.Path, "", _clock).Look().Life, Is.EqualTo(expected));
    }

    [Test]
    public void Clocks_of_other_machines_do_not_matter_to_who_sees_the_run_write()
    {
        using var folder = new TemporaryFolder();
        RunProcess elsewhere = Here with { Host = "another machine" };
        DateTimeOffset anHourAgo = _clock.GetUtcNow().AddHours(-1);
        Write(folder.Path, elsewhere, anHourAgo);
        RunWatch watch = RunWatch.Open(folder.Path, "", _clock);
        Write(folder.Path, elsewhere, anHourAgo.AddSeconds(2));
        Assert.That(watch.Look().Life, Is.EqualTo(LifeSign.Alive));
        _clock.Now = _clock.Now.AddMinutes(2);
        Assert.That(watch.Look().Life, Is.EqualTo(LifeSign.Silent));
        Write(folder.Path, elsewhere, anHourAgo.AddSeconds(4), RunState.Finished);
        Assert.That(
            watch.Look(),
            Has.Property("Life").EqualTo(LifeSign.Alive).And.Property("Run").Property("State").EqualTo(RunState.Finished)
        );
    }

    [Test]
    public void A_run_is_found_by_its_benchmark_file_or_as_the_newest()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "bench.yaml");
        File.WriteAllText(file, "");
        foreach (
            (string name, string benchmark, int seconds) in new[] { ("old", file, 0), ("new", file, 60), ("other", "/elsewhere.yaml", 90) }
        )
            Write(Path.Combine(folder.Path, name), Here, _clock.GetUtcNow().AddSeconds(seconds), file: benchmark);
        Assert.That(Path.GetFileName(RunWatch.Open(file, folder.Path, _clock).Folder), Is.EqualTo("new"));
        Assert.That(Path.GetFileName(RunWatch.Open(null, folder.Path, _clock).Folder), Is.EqualTo("other"));
        Assert.That(
            () => RunWatch.Open(file, Path.Combine(folder.Path, "old"), _clock),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no run of")
        );
        Assert.That(
            () => RunWatch.Open(folder.Path, "", _clock),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("progress.json")
        );
        Assert.That(
            () => RunWatch.Open("nowhere", "", _clock),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no file or folder")
        );
    }

    private static void Write(
        string folder,
        RunProcess process,
        DateTimeOffset updated,
        RunState state = RunState.Running,
        string file = "/b.yaml"
    ) =>
        AtomicFile.Write(
            Path.Combine(folder, "progress.json"),
            JsonSerializer.SerializeToUtf8Bytes(
                new RunProgress().Status() with
                {
                    File = file,
                    Process = process,
                    Updated = updated,
                    State = state,
                },
                ResultJson.Options
            )
        );
}

/// <summary>A clock that stands.</summary>
internal sealed class FixedClock(string now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Now;
}
