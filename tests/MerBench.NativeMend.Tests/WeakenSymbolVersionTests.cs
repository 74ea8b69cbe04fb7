using System.Collections;
using MerBench.NativeMend;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace MerBench.Tests.NativeMend;

public sealed class WeakenSymbolVersionTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("merbench-mend-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_task_writes_a_mended_copy_and_leaves_the_original()
    {
        byte[] original = SmallElf.Needing(("libstdc++.so.6", ["V"]));
        string source = Source("good.so", original);
        var engine = new RecordingEngine();
        Assert.That(Mend(engine, source), Is.True);
        Assert.That(File.ReadAllBytes(source), Is.EqualTo(original));
        Assert.That(
            File.ReadAllBytes(Path.Combine(_folder, "mended", "good.so")),
            Is.Not.EqualTo(original).And.Length.EqualTo(original.Length)
        );
    }

    [Test]
    public void The_task_fails_on_a_file_that_is_cut_off_and_names_it()
    {
        string source = Source("cut.so", SmallElf.Needing(("libstdc++.so.6", ["V"]))[..100]);
        var engine = new RecordingEngine();
        Assert.That(Mend(engine, source), Is.False);
        Assert.That(engine.Errors.Single(), Does.Contain(source).And.Contain("cut off"));
        Assert.That(File.Exists(Path.Combine(_folder, "mended", "cut.so")), Is.False);
    }

    [Test]
    public void What_was_mended_before_is_never_changed_under_a_program_that_has_it_open()
    {
        string mended = Path.Combine(_folder, "mended", "open.so");
        Assert.That(Mend(new RecordingEngine(), Source("open.so", SmallElf.Needing(("libstdc++.so.6", ["V"])))), Is.True);
        byte[] before = File.ReadAllBytes(mended);
        File.SetLastWriteTimeUtc(mended, DateTime.UnixEpoch);
        using (FileStream open = File.OpenRead(mended))
        {
            Assert.That(Mend(new RecordingEngine(), Source("open.so", SmallElf.Needing(("libstdc++.so.6", ["V"])))), Is.True);
            Assert.That(File.GetLastWriteTimeUtc(mended), Is.EqualTo(DateTime.UnixEpoch), "the same content is not written again");
            Assert.That(Mend(new RecordingEngine(), Source("open.so", SmallElf.Needing(("libm.so.6", ["W", "V"])))), Is.True);
            byte[] seen = new byte[before.Length];
            open.ReadExactly(seen);
            Assert.That(seen, Is.EqualTo(before));
        }

        Assert.That(File.ReadAllBytes(mended), Is.Not.EqualTo(before));
    }

    private bool Mend(RecordingEngine engine, string source) =>
        new WeakenSymbolVersion
        {
            BuildEngine = engine,
            Sources = [new TaskItem(source)],
            DestinationFolder = Path.Combine(_folder, "mended"),
            Version = "V",
        }.Execute();

    private string Source(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private sealed class RecordingEngine : IBuildEngine
    {
        public List<string?> Errors { get; } = [];

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "";

        public bool BuildProjectFile(
            string projectFileName,
            string[] targetNames,
            IDictionary globalProperties,
            IDictionary targetOutputs
        ) => throw new NotSupportedException();

        public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e.Message);

        public void LogWarningEvent(BuildWarningEventArgs e) { }

        public void LogMessageEvent(BuildMessageEventArgs e) { }

        public void LogCustomEvent(CustomBuildEventArgs e) { }
    }
}
