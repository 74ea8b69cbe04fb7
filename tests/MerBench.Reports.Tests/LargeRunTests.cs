using System.Diagnostics;
using MerBench.Host.Results;
using MerBench.Reports.Html;

namespace MerBench.Tests;

public sealed class LargeRunTests
{
    private const double Megabyte = 1e6;

    [Test]
    public void A_report_stays_small_whatever_the_size_of_the_run() =>
        Report(models: 10, perturbations: 20, seeds: 1, clips: 360, withinSeconds: 120);

    [Test]
    [Explicit("takes a minute; docs/report.md has its figures")]
    public void Ten_thousand_cells_of_360_clips_make_a_report_of_less_than_5_MB_in_less_than_10_seconds() =>
        Report(models: 10, perturbations: 20, seeds: 10, clips: 360, withinSeconds: 10);

    private static void Report(int models, int perturbations, int seeds, int clips, double withinSeconds)
    {
        string folder = Directory.CreateTempSubdirectory("merbench-large-").FullName;
        try
        {
            RunFolder run = LargeRun.Write(folder, models, perturbations, seeds, clips);
            long start = Stopwatch.GetTimestamp();
            string path = Path.Combine(folder, RunReport.FileName);
            RunReport.Create(run).Write(path);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                size = new FileInfo(path).Length / Megabyte;
            TestContext.Out.WriteLine(
                FormattableString.Invariant($"{models * perturbations * 5 * seeds} cells x {clips} clips: {seconds:0.0} s, {size:0.00} MB")
            );
            Assert.Multiple(() =>
            {
                Assert.That(size, Is.LessThan(5));
                Assert.That(seconds, Is.LessThan(withinSeconds));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
