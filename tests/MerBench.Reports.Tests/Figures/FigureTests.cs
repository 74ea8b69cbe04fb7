using System.Text;
using System.Xml.Linq;
using MerBench.Host.Results;
using MerBench.Reports.Figures;
using MerBench.Tests.Data;
using SkiaSharp;

namespace MerBench.Tests.Figures;

public sealed class FigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [SetUp]
    public void NeedsSkiaAndFonts()
    {
        if (FigureWriter.Obstacle() is { } obstacle)
            Assert.Ignore($"No figures can be drawn: {obstacle}.");
    }

    [Test]
    public void Both_figures_are_written_with_every_system_and_emotion_named()
    {
        using var folder = new TemporaryFolder();
        LogFigures.Write(
            [Log("A2E", 1), Log("A2E", 2), Log("A2M2E", 1), Log("A2M2E", 2)],
            ["tension", "tender"],
            seed: 2,
            "attack",
            folder.File("harm"),
            folder.File("ratings")
        );
        Assert.That(Texts(folder.File("harm.svg")), Is.SupersetOf(new[] { "attack", "A2E", "A2M2E" }));
        Assert.That(
            Texts(folder.File("ratings.svg")),
            Is.SupersetOf(new[] { "A2E: tension", "A2M2E: tender", "rating", "prediction", "before", "after" })
        );
        using SKBitmap harm = SKBitmap.Decode(folder.File("harm.png")),
            ratings = SKBitmap.Decode(folder.File("ratings.png"));
        Assert.That(
            (harm.Width, harm.Height, ratings.Width, ratings.Height),
            Is.EqualTo((975, 708, 975, 1058)),
            "one column of 3.25 inches at 300 dots"
        );
        Assert.That(harm.Pixels.Distinct().Count(), Is.GreaterThan(10), "something is drawn");
    }

    [Test]
    public void The_same_logs_give_the_same_bytes()
    {
        ClipLog[] logs = [Log("A2E", 1), Log("A2E", 2)];
        Assert.That(
            FigureWriter.Png(RatingsFigure.Draw(logs, ["tender"], FigureWidth.Two)),
            Is.EqualTo(FigureWriter.Png(RatingsFigure.Draw(logs, ["tender"], FigureWidth.Two)))
        );
    }

    [Test]
    public void A_model_that_leaves_the_scale_makes_no_flat_lines_of_the_others()
    {
        ClipLog[] logs =
        [
            .. new[] { ("calm", 0.1), ("wild", -12) }.Select(m => new ClipLog(
                m.Item1,
                1,
                "",
                ["tender"],
                [.. Enumerable.Range(0, 8).Select(i => new ClipRow($"{i}", [i / 8.0], [0.5], [0.5 + m.Item2]))]
            )),
        ];
        Figure figure = RatingsFigure.Draw(logs, ["tender"], FigureWidth.Two);
        FigureWriter.Png(figure);
        ScottPlot.AxisLimits[] limits = [.. figure.Panels.Select(p => p.Plot.Axes.GetLimits())];
        Assert.That(limits, Has.Length.EqualTo(3), "two models, and an inset for the one that leaves the scale");
        Assert.That((limits[0].Bottom, limits[0].Top), Is.EqualTo((-0.05, 1.05)));
        Assert.That(limits[1].Bottom, Is.LessThan(-12));
    }

    // Boxes are where the numbers are: the median's line of the upper system is above that of the lower one, by the axis' scale.
    [Test]
    public void A_box_stands_where_its_harms_are()
    {
        Figure figure = HarmFigure.Draw("", [("low", [0.9, 1.0, 1.1]), ("high", [2.9, 3.0, 3.1])], FigureWidth.One);
        FigureWriter.Png(figure);
        ScottPlot.Plot plot = figure.Panels[0].Plot;
        Assert.That(plot.Axes.GetLimits().Bottom, Is.Zero);
        Assert.That(
            plot.GetPlottables()
                .OfType<ScottPlot.Plottables.BoxPlot>()
                .SelectMany(b => b.Boxes)
                .Select(b => (b.Position, b.BoxMiddle, b.BoxMin, b.BoxMax)),
            Is.EqualTo(new[] { (0.0, 1.0, 0.95, 1.05), (1.0, 3.0, 2.95, 3.05) })
                .Using<(double, double, double, double)>(
                    (x, y) =>
                        Math.Abs(x.Item1 - y.Item1)
                            + Math.Abs(x.Item2 - y.Item2)
                            + Math.Abs(x.Item3 - y.Item3)
                            + Math.Abs(x.Item4 - y.Item4)
                        < 1e-9
                )
        );
    }

    [Test]
    public void One_seed_a_system_makes_no_harm_figure()
    {
        using var folder = new TemporaryFolder();
        LogFigures.Write([Log("A2E", 1), Log("A2M2E", 1)], ["tender"], seed: null, "", folder.File("harm"), folder.File("ratings"));
        Assert.That(
            Directory.GetFiles(folder.Path).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "ratings.pdf", "ratings.png", "ratings.svg" })
        );
    }

    // Text elements hold a line each; spaces between words are kept.
    private static string[] Texts(string path) =>
        [.. XDocument.Parse(File.ReadAllText(path, Encoding.UTF8)).Descendants(Svg + "text").Select(t => t.Value.Trim())];

    private static ClipLog Log(string system, int seed) =>
        new(
            system,
            seed,
            "",
            ["tension", "tender"],
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(i => new ClipRow($"{i}", [i / 12.0, 0.5], [(i / 12.0) + 0.05, 0.4], [(seed * 2) - (i / 3.0), 3 - (i / 4.0)])),
            ]
        );
}
