using System.Globalization;
using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>A spectrogram over logarithmic frequency. All pictures of an example share a scale: 0 dB is a sine of full scale.</summary>
internal static class SpectrogramFigure
{
    public const int Width = 480,
        Height = 240;

    /// <summary>Where in the picture the sound begins and ends, as shares of its width.</summary>
    public const double Start = Left / Width,
        End = (Width - Right) / Width;

    private const float Left = 52,
        Right = 92,
        Below = 40,
        Above = 34;
    private const double Quietest = -90,
        LoudestShown = -10;
    private static readonly double[] LabelledFrequencies = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];

    public static Figure Draw(string title, Spectrogram spectrogram)
    {
        var plot = new Plot();
        double low = Math.Log10(spectrogram.Lowest),
            high = Math.Log10(spectrogram.Highest);
        ScottPlot.Plottables.Heatmap map = plot.Add.Heatmap(spectrogram.Db);
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        map.ManualRange = new ScottPlot.Range(Quietest, LoudestShown);
        map.Position = new CoordinateRect(0, spectrogram.Seconds, low, high);
        ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(map);
        bar.Axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            LabelFormatter = level => string.Create(CultureInfo.InvariantCulture, $"{level:0} dB"),
        };
        plot.Axes.SetLimits(0, spectrogram.Seconds, low, high);
        double[] labelled = [.. LabelledFrequencies.Where(f => f >= spectrogram.Lowest && f <= spectrogram.Highest)];
        plot.Axes.Left.SetTicks([.. labelled.Select(Math.Log10)], [.. labelled.Select(Frequency)]);
        plot.Axes.Left.Label.Text = "Hz";
        plot.Axes.Bottom.Label.Text = "s";
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
            (axis.Label.Bold, axis.Label.FontSize) = (false, 13);
        plot.Title(title, 13);
        plot.HideGrid();
        plot.Layout.Fixed(new PixelPadding(Left, Right, Below, Above));
        return new Figure(Width, Height, [new FigurePanel(plot, new PixelRect(0, Width, Height, 0))]);
    }

    private static string Frequency(double hertz) =>
        hertz < 1000 ? hertz.ToString(CultureInfo.InvariantCulture) : (hertz / 1000).ToString(CultureInfo.InvariantCulture) + "k";
}
