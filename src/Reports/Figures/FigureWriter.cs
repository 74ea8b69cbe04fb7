using System.Globalization;
using System.Text;
using MerBench.Host.IO;
using MerBench.Host.Torch;
using ScottPlot;
using SkiaSharp;

namespace MerBench.Reports.Figures;

/// <summary>In which files a figure is written.</summary>
[Flags]
public enum FigureFiles
{
    None = 0,
    Png = 1,
    Svg = 2,
    Pdf = 4,
    All = Png | Svg | Pdf,
}

/// <summary>
/// Writes figures as PNG of 300 dots an inch, SVG, and PDF with fonts embedded. Finalizers wait meanwhile: ScottPlot leaves paths and
/// paints to them, and SkiaSharp keeps such objects no longer alive than a native call begins, so that on a busy machine
/// a run crashed in <c>DrawPath</c> now and then.
/// </summary>
public static class FigureWriter
{
    /// <summary>How fine pictures are, in dots a point.</summary>
    internal const float Print = 300f / 72,
        Screen = 2;

    private const int WebPQuality = 80;

    // A third of the time of Skia's own choice, which tries all filters, for files a twentieth larger.
    private static readonly SKPngEncoderOptions s_png = new(SKPngEncoderFilterFlags.Up, zLibLevel: 4);

    // Skia's own choice may be a serif.
    private static readonly string[] Preferred = ["Liberation Sans", "DejaVu Sans", "Arial", "Helvetica", "Noto Sans"];

    /// <summary>Why no figures can be drawn on this machine; null when they can.</summary>
    public static string? Obstacle()
    {
        try
        {
            return SKFontManager.Default.FontFamilyCount > 0
                ? null
                : "no font is installed; install one, such as Debian's package fonts-dejavu-core";
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            return $"Skia's native library cannot be loaded: "
                + $"{LoadFailure.ExplainSearch("libSkiaSharp", e.GetBaseException().Message).TrimEnd('.')}";
        }
    }

    /// <summary>Writes <c>NAME.png</c>, <c>NAME.svg</c> and <c>NAME.pdf</c>, as far as asked for; files that are there are
    /// replaced.</summary>
    /// <param name="path">The path without extension.</param>
    /// <returns>The files.</returns>
    internal static IReadOnlyList<string> Write(Figure figure, string path, FigureFiles files)
    {
        var written = new List<string>();
        foreach (
            (FigureFiles file, string extension, Func<Figure, byte[]> draw) in new (FigureFiles, string, Func<Figure, byte[]>)[]
            {
                (FigureFiles.Png, ".png", Png),
                (FigureFiles.Svg, ".svg", Svg),
                (FigureFiles.Pdf, ".pdf", Pdf),
            }
        )
        {
            if (!files.HasFlag(file))
                continue;
            AtomicFile.Write(path + extension, draw(figure));
            written.Add(path + extension);
        }

        return written;
    }

    internal static byte[] Png(Figure figure) => Png(figure, Print);

    internal static byte[] Png(Figure figure, float dotsPerPoint)
    {
        using var pause = FinalizerPause.Begin();
        using SKSurface surface = SKSurface.Create(
            new SKImageInfo((int)Math.Round(figure.Width * dotsPerPoint), (int)Math.Round(figure.Height * dotsPerPoint))
        );
        surface.Canvas.Scale(dotsPerPoint);
        Draw(figure, surface.Canvas);
        using SKPixmap pixels = surface.PeekPixels()!;
        using SKData data = pixels.Encode(s_png)!;
        return PngResolution.Set(data.ToArray(), dotsPerPoint * 72);
    }

    /// <summary>A picture for a page, as WebP; as it is where Skia is missing.</summary>
    internal static (string Type, byte[] Content) Compressed(byte[] png)
    {
        if (Obstacle() is not null)
            return ("image/png", png);
        using var pause = FinalizerPause.Begin();
        using SKBitmap picture = SKBitmap.Decode(png);
        using SKData data = picture.Encode(SKEncodedImageFormat.Webp, WebPQuality);
        return ("image/webp", data.ToArray());
    }

    internal static byte[] Svg(Figure figure)
    {
        using var pause = FinalizerPause.Begin();
        using var solid = new SolidLines(figure);
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, figure.Width, figure.Height), stream))
            Draw(figure, canvas);
        // Skia counts in pixels of the screen, 96 an inch.
        string size = string.Create(CultureInfo.InvariantCulture, $"width=\"{figure.Width}\" height=\"{figure.Height}\""),
            print = string.Create(
                CultureInfo.InvariantCulture,
                $"width=\"{figure.Width}pt\" height=\"{figure.Height}pt\" viewBox=\"0 0 {figure.Width} {figure.Height}\""
            );
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stream.ToArray()).Replace(size, print, StringComparison.Ordinal));
    }

    internal static byte[] Pdf(Figure figure)
    {
        using var pause = FinalizerPause.Begin();
        using var stream = new MemoryStream();
        // Without dates, the same figure gives the same bytes.
        using (SKDocument document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Creator = "MerBench", RasterDpi = 300 }))
        {
            Draw(figure, document.BeginPage(figure.Width, figure.Height));
            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }

    // ScottPlot forgets colour bars, whose labels the first figure of a process would have in another font than later ones.
    private static void UseFont(Plot plot, string font)
    {
        plot.Font.Set(font);
        foreach (ScottPlot.Panels.ColorBar bar in plot.Axes.GetPanels().OfType<ScottPlot.Panels.ColorBar>())
            bar.Axis.TickLabelStyle.FontName = font;
    }

    private static void Draw(Figure figure, SKCanvas canvas)
    {
        string? font = Preferred.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains);
        using var white = new SKPaint { Color = SKColors.White };
        canvas.DrawRect(0, 0, figure.Width, figure.Height, white);
        foreach (FigurePanel panel in figure.Panels)
        {
            if (font is not null)
                UseFont(panel.Plot, font);
            panel.Plot.RenderManager.ClearCanvasBeforeEachRender = false;
            panel.Plot.Render(canvas, panel.Place);
        }
    }
}
