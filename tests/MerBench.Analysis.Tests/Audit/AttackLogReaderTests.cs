using MerBench.Analysis.Audit;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Tests.Data;

namespace MerBench.Tests.Audit;

public sealed class AttackLogReaderTests
{
    private const string Header = "file,epoch,db,norm,converged,true-label,orig-pred,new-pred,adv-target\n";
    private const string Good = "['a.mp3'],10,30.5,1.25,False,[[0.1 0.9]],\"[[0.2\n 0.8]]\",[[-1.5e-01 1.2]],0.5\n";

    [Test]
    public void Numpy_arrays_over_several_lines_and_settings_are_read()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "A2E/seed7/log.csv", Header + Good + Good.Replace("a.mp3", "b.mp3", StringComparison.Ordinal));
        Write(folder, "A2E/seed7/hparams.yaml", "clip_eps: 0.001\nalpha: null\n");
        ClipLog log = AttackLogReader.Read([folder.Path]).Single();
        Assert.That((log.System, log.Seed, log.Rows[0].BudgetLinf), Is.EqualTo(("A2E", 7, 0.001)));
        ClipRow row = log.Rows[1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (row.Line, row.Clip, row.L2, row.SnrDb, row.Converged, row.Threshold),
                Is.EqualTo((4, "b.mp3", 1.25, 30.5, false, 0.5))
            );
            Assert.That(row.Rating, Is.EqualTo(new[] { 0.1, 0.9 }));
            Assert.That(row.Clean, Is.EqualTo(new[] { 0.2, 0.8 }));
            Assert.That(row.Perturbed, Is.EqualTo(new[] { -0.15, 1.2 }));
            Assert.That(row.Error.Perturbed, Is.EqualTo(0.275).Within(1e-12));
        }
    }

    [TestCase("[[0.1 0.9]],", "[[0.1]],", ":2:1: true-label, orig-pred and new-pred hold 1, 2 and 2 numbers; expected as many of each")]
    [TestCase("[[-1.5e-01 1.2]]", "[[-1.5e-01 nan]]", ":2:1: 'new-pred' holds 'nan'; expected finite numbers")]
    [TestCase("[[-1.5e-01 1.2]]", "[[-1.5e-01 ... 1.2]]", ":2:1: 'new-pred' is abbreviated by '...'")]
    [TestCase("[[-1.5e-01 1.2]]", "", ":2:1: 'new-pred' is empty; expected an array")]
    [TestCase(",1.25,", ",big,", ":2:1: 'norm' is 'big'; expected a number")]
    [TestCase(",False,", ",maybe,", ":2:1: 'converged' is 'maybe'; expected True or False")]
    public void A_cell_that_cannot_be_read_is_named_with_its_line(string part, string broken, string problem) =>
        Assert.That(ErrorOf(Header + Good.Replace(part, broken, StringComparison.Ordinal)), Does.Contain("log.csv" + problem));

    [Test]
    public void A_missing_column_is_named() =>
        Assert.That(
            ErrorOf(Header.Replace("norm", "size", StringComparison.Ordinal) + Good),
            Does.Contain("log.csv:1:1: no column 'norm'; expected file, db, norm")
        );

    [Test]
    public void A_log_without_rows_or_seed_and_a_folder_without_logs_are_refused()
    {
        Assert.That(ErrorOf(Header), Does.Contain("has no rows"));
        Assert.That(ErrorOf(Header + Good, "A2E/first/log.csv"), Does.Contain("expected SYSTEM/seedN/log.csv"));
        Assert.That(ErrorOf("", "A2E/other.txt"), Does.Contain("holds no log.csv"));
        Assert.That(
            Assert.Throws<UserErrorException>(() => AttackLogReader.Read(["nowhere"]))!.Message,
            Does.Contain("no file or folder nowhere")
        );
    }

    [Test]
    public void A_clip_that_is_attacked_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "A2E/seed7/log.csv", Header + Good + Good);
        UserErrorException error = Assert.Throws<UserErrorException>(() => LogAudit.Examine(AttackLogReader.Read([folder.Path])))!;
        Assert.That(error.Message, Does.Contain("log.csv:4:1: clip 'a.mp3' is attacked twice"));
    }

    private static string ErrorOf(string content, string name = "A2E/seed7/log.csv")
    {
        using var folder = new TemporaryFolder();
        Write(folder, name, content);
        return Assert.Throws<UserErrorException>(() => AttackLogReader.Read([folder.Path]))!.Message;
    }

    private static void Write(TemporaryFolder folder, string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllText(folder.File(name), content);
    }
}
