using System.Globalization;
using MathNet.Numerics.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MerBench.Reports.Figures;

/// <summary>Harm by emotion as a heat map with its numbers: a row a model under a perturbation.</summary>
internal static class EmotionFigure
{
    private const float RowHeight = 12,
        Below = 42,
        Above = 6,
        NumberSize = 6,
        CharacterWidth = 4;

    /// <param name="rows">Harms in the order of the emotions; NaN where there is none.</param>
    public static Figure Draw(IReadOnlyList<string> emotions, IReadOnlyList<(string Name, double[] Harms)> rows, FigureWidth size)
    {
        float height = Above + Below + (rows.Count * RowHeight),
            left = 8 + (rows.Max(r => r.Name.Length) * CharacterWidth);
        Plot plot = PrintStyle.NewPlot();
        // The few largest may share the darkest colour, so that the others differ.
        double most = Math.Max(1e-9, rows.SelectMany(r => r.Harms).Where(h => h > 0).DefaultIfEmpty(1).Quantile(0.97));
        var colors = new ScottPlot.Colormaps.Blues().Reversed();
        bool roomy = (size.Points() - left) / emotions.Count > 18;
        for (int r = 0; r < rows.Count; r++)
        {
            for (int e = 0; e < emotions.Count; e++)
            {
                double harm = rows[r].Harms[e],
                    share = Math.Clamp(harm / most, 0, 1);
                if (!double.IsFinite(harm))
                    continue;
                // Rectangles and not a picture: they stay sharp, and Skia leaves pictures out of PDF.
                var cell = plot.Add.Rectangle(e - 0.5, e + 0.5, rows.Count - 1.5 - r, rows.Count - 0.5 - r);
                (cell.FillColor, cell.LineWidth) = (colors.GetColor(share * 0.85), 0);
                if (!roomy)
                    continue;
                var number = plot.Add.Text(harm.ToString(".00;-.00;0", CultureInfo.InvariantCulture), e, rows.Count - 1 - r);
                (number.LabelFontSize, number.LabelAlignment) = (NumberSize, Alignment.MiddleCenter);
                number.LabelFontColor = share > 0.6 ? Colors.White : Colors.Black;
            }
        }

        plot.Axes.Left.TickGenerator = new NumericManual([.. rows.Select((row, r) => new Tick(rows.Count - 1 - r, row.Name))]);
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. emotions.Select((name, e) => new Tick(e, name))]);
        NameTicks.Fit(plot.Axes.Bottom, emotions, (size.Points() - left) / emotions.Count);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, emotions.Count - 0.5, -0.5, rows.Count - 0.5);
        plot.Layout.Fixed(new PixelPadding(left, 4, Below, Above));
        return new Figure(size.Points(), height, [new FigurePanel(plot, new PixelRect(0, size.Points(), height, 0))]);
    }
}
