using MerBench.Reports.Figures;
using SkiaSharp;

namespace MerBench.Tests.Listening;

public sealed class SpectrogramTests
{
    [TestCase(110, 0.5f)]
    [TestCase(1000, 0.5f)]
    [TestCase(7000, 0.01f)]
    public void A_tone_has_its_line_at_its_frequency_and_level(double hertz, float amplitude)
    {
        var spectrogram = Spectrogram.Compute(Tones.Sine(hertz, amplitude), Tones.SampleRate);
        int rows = spectrogram.Db.GetLength(0),
            middle = spectrogram.Db.GetLength(1) / 2;
        int loudest = Enumerable.Range(0, rows).MaxBy(r => spectrogram.Db[r, middle]);
        double from = spectrogram.Lowest * Math.Pow(spectrogram.Highest / spectrogram.Lowest, (rows - 1 - loudest) / (double)rows);
        Assert.That(hertz, Is.InRange(from * 0.97, from * 1.06));
        Assert.That(spectrogram.Db[loudest, middle], Is.EqualTo(20 * Math.Log10(amplitude)).Within(1.5));
        Assert.That(
            spectrogram.Db[rows / 2 > loudest ? rows - 1 : 0, middle],
            Is.LessThan(20 * Math.Log10(amplitude) - 60),
            "far from the line"
        );
    }

    // Measured in the picture itself: the brightest pixel of a column within the frame, by the scale of its axis.
    [TestCase(200)]
    [TestCase(2000)]
    public void The_picture_has_the_line_where_the_axis_says(double hertz)
    {
        if (FigureWriter.Obstacle() is { } obstacle)
            Assert.Ignore($"No figures can be drawn: {obstacle}.");
        var spectrogram = Spectrogram.Compute(Tones.Sine(hertz, 0.3f), Tones.SampleRate);
        Figure figure = SpectrogramFigure.Draw("tone", spectrogram);
        using SKBitmap picture = SKBitmap.Decode(FigureWriter.Png(figure, FigureWriter.Screen));
        ScottPlot.PixelRect frame = figure.Panels[0].Plot.RenderManager.LastRender.DataRect;
        Assert.That(
            (SpectrogramFigure.Start, SpectrogramFigure.End),
            Is.EqualTo((frame.Left / SpectrogramFigure.Width, frame.Right / SpectrogramFigure.Width))
                .Using<(double, double), (float, float)>(
                    (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.003 && Math.Abs(a.Item2 - b.Item2) < 0.003
                )
        );
        int x = (int)(frame.Left + frame.Right); // the middle, at two pixels a point
        int top = (int)(frame.Top * 2) + 4,
            bottom = (int)(frame.Bottom * 2) - 4;
        int brightest = Enumerable.Range(top, bottom - top).MaxBy(y => picture.GetPixel(x, y).Red + picture.GetPixel(x, y).Green);
        double share = ((frame.Bottom * 2) - brightest) / ((frame.Bottom - frame.Top) * 2);
        Assert.That(spectrogram.Lowest * Math.Pow(spectrogram.Highest / spectrogram.Lowest, share), Is.EqualTo(hertz).Within(6).Percent);
    }
}
