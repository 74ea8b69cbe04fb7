using MerBench.Host.Native;
using MerBench.Host.Results;
using SkiaSharp;

namespace MerBench.Host.Figures;

/// <summary>
/// Writes figures as PNG and SVG. Finalizers wait meanwhile: ScottPlot leaves paths and paints to them, and SkiaSharp keeps such objects no longer alive than a native call begins, so that on a busy machine
/// a run crashed in <c>DrawPath</c> now and then.
/// </summary>
public static class FigureWriter
{
    private const float PngScale = 2;
    private const int WebPQuality = 80;

    // Skia's own choice may be a serif.
    private static readonly string[] Preferred = ["Liberation Sans", "DejaVu Sans", "Arial", "Helvetica", "Noto Sans"];

    /// <summary>Why no figures can be drawn on this machine; null when they can.</summary>
    public static string? Obstacle()
    {
        try
        {
            return SKFontManager.Default.FontFamilyCount > 0 ? null
                : "no font is installed; install one, such as Debian's package fonts-dejavu-core";
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            return $"Skia's native library cannot be loaded: {e.GetBaseException().Message}";
        }
    }

    /// <summary>Writes <c>NAME.png</c> and <c>NAME.svg</c>; files that are there are replaced.</summary>
    /// <param name="path">The path without extension.</param>
    internal static void Write(Figure figure, string path)
    {
        AtomicFile.Write(path + ".png", Png(figure));
        AtomicFile.Write(path + ".svg", Svg(figure));
    }

    internal static byte[] Png(Figure figure)
    {
        using var pause = FinalizerPause.Begin();
        using SKSurface surface = SKSurface.Create(new SKImageInfo((int)(figure.Width * PngScale), (int)(figure.Height * PngScale)));
        surface.Canvas.Scale(PngScale);
        Draw(figure, surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A picture for a page, as WebP; as it is where Skia is missing.</summary>
    internal static (string Type, byte[] Content) Compressed(byte[] png)
    {
        if (Obstacle() is not null) return ("image/png", png);
        using var pause = FinalizerPause.Begin();
        using SKBitmap picture = SKBitmap.Decode(png);
        using SKData data = picture.Encode(SKEncodedImageFormat.Webp, WebPQuality);
        return ("image/webp", data.ToArray());
    }

    internal static byte[] Svg(Figure figure)
    {
        using var pause = FinalizerPause.Begin();
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, figure.Width, figure.Height), stream)) Draw(figure, canvas);
        return stream.ToArray();
    }

    private static void Draw(Figure figure, SKCanvas canvas)
    {
        string? font = Preferred.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains);
        using var white = new SKPaint { Color = SKColors.White };
        canvas.DrawRect(0, 0, figure.Width, figure.Height, white);
        foreach (FigurePanel panel in figure.Panels)
        {
            if (font is not null) panel.Plot.Font.Set(font);
            panel.Plot.RenderManager.ClearCanvasBeforeEachRender = false;
            panel.Plot.Render(canvas, panel.Place);
        }
    }
}
