using System.Globalization;
using MerBench.Analysis.Audit;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Tests.Data;

namespace MerBench.Tests.Audit;

/// <summary>MerBench's own format of attack logs.</summary>
public sealed class NeutralLogTests
{
    private const string Header =
        "system,seed,clip,rating.valence,rating.energy,clean.valence,clean.energy,perturbed.valence,perturbed.energy";
    private const string Row = "vgg,3,a.mp3,0.1,0.9,0.2,0.8,-0.15,1.2";

    [Test]
    public void Needed_columns_are_enough_and_others_are_ignored()
    {
        ClipLog log = Logs($"{Header},comment\n{Row},loud\nvgg,4,a.mp3,0.1,0.9,0.2,0.8,0,1,\n")[0];
        Assert.That((log.System, log.Seed, log.Rows.Count), Is.EqualTo(("vgg", 3, 1)));
        Assert.That(log.Emotions, Is.EqualTo(new[] { "valence", "energy" }));
        Assert.That(log.Rows[0].Error.Perturbed, Is.EqualTo(0.275).Within(1e-12));
        Assert.That((log.Rows[0].L2, log.Rows[0].Converged), Is.EqualTo(((double?)null, (bool?)null)));
        Assert.That(LogAudit.Examine([log]).Findings.Select(f => f.Title), Is.EqualTo(new[] { "Predictions outside of the rating scale" }));
    }

    [Test]
    public void Correlations_before_and_after_are_over_the_emotions_that_have_one_in_both()
    {
        // Perturbed energy does not vary at seed 4; clean valence is known best.
        SystemScores scores = LogAudit
            .Examine(
                Logs(
                    $"{Header}\nv,3,a,0.1,0.1,0.1,0.9,0.9,0.9\nv,3,b,0.9,0.9,0.9,0.1,0.1,0.1\n"
                        + "v,4,a,0.1,0.1,0.1,0.9,0.1,0.5\nv,4,b,0.9,0.9,0.9,0.1,0.9,0.5\n"
                )
            )
            .Systems[0];
        Assert.That(scores.UncorrelatedEmotions, Is.EqualTo(new[] { "energy" }));
        Assert.That(
            scores.Seeds.Select(s => (Math.Round(s.R, 12), Math.Round(s.PerturbedR, 12))),
            Is.EqualTo(new[] { (1.0, -1.0), (1.0, 1.0) })
        );
    }

    [TestCase("l2,budget_l2", "2,1", "bounds the L2 norm by 1; the logged norms have median 2 ")]
    [TestCase("linf,budget_linf", "0.2,0.1", "bounds the L-infinity norm by 0.1; the logged norms have median 0.2 ")]
    [TestCase("l2,budget_linf", "22,0.1", "bounds the L2 norm by 21.59")]
    public void A_norm_beyond_its_budget_is_found(string columns, string values, string evidence) =>
        Assert.That(
            LogAudit.Examine(Logs($"{Header},{columns}\n{Row},{values}\n")).Findings[0].Evidence,
            Does.StartWith("1 of 1 rows.").And.Contain(evidence)
        );

    [TestCase("l2,budget_l2", "1,1")]
    [TestCase("linf,budget_linf", "0.1,0.1")]
    [TestCase("budget_linf", "0.1")]
    public void A_norm_within_its_budget_or_unknown_is_not(string columns, string values) =>
        Assert.That(
            LogAudit.Examine(Logs($"{Header},{columns}\n{Row},{values}\n")).Findings.Select(f => f.Title),
            Has.None.Contain("larger than configured")
        );

    [TestCase("0.2,0.8", "0.2,", ":2:1: 'clean.energy' is ''; expected a number")]
    [TestCase("0.2,0.8", "0.2,nan", ":2:1: 'clean.energy' is 'nan'; expected a")]
    [TestCase("vgg,3", "vgg,third", ":2:1: 'seed' is 'third'; expected a whole number")]
    [TestCase("vgg,3", ",3", ":2:1: 'system' is empty")]
    [TestCase("clean.energy", "clean.power", ":1:1: no column 'clean.energy'; expected clip, rating.valence")]
    [TestCase("rating.", "label.", ":1:1: no column 'rating.EMOTION'")]
    public void Faults_are_named_with_their_line(string part, string broken, string problem) =>
        Assert.That(
            Assert.Throws<UserErrorException>(() => Logs($"{Header}\n{Row}\n".Replace(part, broken, StringComparison.Ordinal)))!.Message,
            Does.Contain("attacks.csv" + problem)
        );

    [TestCase("attacks.csv")]
    [TestCase("attacks.parquet")]
    public void What_is_written_reads_back_as_the_same(string name)
    {
        using var folder = new TemporaryFolder();
        ClipLog[] logs =
        [
            new("A \"b\", c", 1, "x", ["valence", "energy"], [Full("a,b.mp3"), Full("\u00e9.mp3")]),
            new("D", 2, "x", ["valence", "energy"], [Full("c") with { L2 = null, Converged = null, Threshold = null }]),
        ];
        NeutralLogWriter.Write(folder.File(name), logs);
        IReadOnlyList<ClipLog> back = AttackLogReader.Read([folder.Path]);
        Assert.That(back.Select(Flat), Is.EqualTo(logs.Select(Flat)));

        static ClipRow Full(string clip) =>
            new(clip, [0.1, 1.0 / 3], [Math.PI, 0], [-1e-17, 2])
            {
                Line = 1,
                L2 = 33.7,
                Linf = 1e-9,
                SnrDb = double.PositiveInfinity,
                Converged = true,
                Threshold = -0.9,
                BudgetLinf = 0.001,
                BudgetL2 = 0.216,
            };

        static string Flat(ClipLog log) =>
            string.Join(
                '\n',
                log.Rows.Select(r =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{log.System} {log.Seed} {string.Join(',', log.Emotions)} {r.Clip} "
                            + $"{string.Join(' ', [.. r.Rating, .. r.Clean, .. r.Perturbed])} {r.L2} {r.Linf} {r.SnrDb} {r.Converged} "
                            + $"{r.Threshold} {r.BudgetL2} {r.BudgetLinf}"
                    )
                )
            );
    }

    [Test]
    public void The_published_logs_tell_the_same_in_this_format()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<ClipLog> published = AttackLogReader.Read([SharedData.Path("paper-logs")]);
        NeutralLogWriter.Write(folder.File("study.parquet"), published);
        LogAudit expected = LogAudit.Examine(published),
            audit = LogAudit.Examine(AttackLogReader.Read([folder.File("study.parquet")]));
        Assert.That(audit.Systems.Select(s => (s.System, s.Harm, s.R)), Is.EqualTo(expected.Systems.Select(s => (s.System, s.Harm, s.R))));
        Assert.That(audit.Findings.Select(f => (f.Title, f.Evidence)), Is.EqualTo(expected.Findings.Select(f => (f.Title, f.Evidence))));
    }

    [Test]
    public void A_file_that_is_no_parquet_and_another_kind_of_file_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("log.parquet"), "not parquet");
        File.WriteAllText(folder.File("log.txt"), "");
        Assert.That(
            Assert.Throws<UserErrorException>(() => AttackLogReader.Read([folder.File("log.parquet")]))!.Message,
            Does.Contain("log.parquet cannot be read")
        );
        Assert.That(
            Assert.Throws<UserErrorException>(() => AttackLogReader.Read([folder.File("log.txt")]))!.Message,
            Does.Contain("neither a .csv nor a .parquet")
        );
        Assert.That(
            Assert
                .Throws<UserErrorException>(() =>
                    NeutralLogWriter.Write(folder.File("log.txt"), [new("A", 1, "x", ["e"], [new("c", [0], [0], [0])])])
                )!
                .Message,
            Does.Contain("written as .csv or .parquet")
        );
    }

    private static IReadOnlyList<ClipLog> Logs(string csv)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("attacks.csv"), csv);
        return AttackLogReader.Read([folder.File("attacks.csv")]);
    }
}
