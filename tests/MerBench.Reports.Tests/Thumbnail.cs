using System.Globalization;
using SkiaSharp;

namespace MerBench.Tests;

/// <summary>Pictures scaled down to compare them roughly.</summary>
internal static class Thumbnail
{
    private const int Width = 48,
        Height = 32;

    // Of 255, mean over pixels and channels. A serif font in place of a sans moved charts by 0.1 to 1.2, blank ones were 3.2 to 5.8 away.
    private const double Tolerance = 1.5;

    private const string AcceptVariable = "MERBENCH_ACCEPT_PICTURES";

    /// <summary>Compares a PNG with <c>pictures/NAME.png</c>; with MERBENCH_ACCEPT_PICTURES=1 it becomes that.</summary>
    public static void AssertLooksLike(byte[] png, string name)
    {
        using SKBitmap seen = Of(png);
        string path = Path.Combine(MerBenchTool.Repository, "tests/MerBench.Reports.Tests/pictures", $"{name}.png");
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using SKData data = seen.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(path, data.ToArray());
        }

        using SKBitmap expected = SKBitmap.Decode(path);
        double difference = Difference(seen, expected);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{name}: {difference:0.00}"));
        if (difference <= Tolerance)
            return;
        string received = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{name}.received.png");
        File.WriteAllBytes(received, png);
        Assert.Fail(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} looks different, by {difference:0.0} of 255 ({Tolerance} is allowed): {received}. If that is meant, run the "
                    + $"test with {AcceptVariable}=1."
            )
        );
    }

    private static SKBitmap Of(byte[] png)
    {
        using SKBitmap whole = SKBitmap.Decode(png);
        return whole.Resize(new SKImageInfo(Width, Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    private static double Difference(SKBitmap a, SKBitmap b) =>
        (
            from x in Enumerable.Range(0, Width)
            from y in Enumerable.Range(0, Height)
            let p = a.GetPixel(x, y)
            let q = b.GetPixel(x, y)
            select (Math.Abs(p.Red - q.Red) + Math.Abs(p.Green - q.Green) + Math.Abs(p.Blue - q.Blue)) / 3.0
        ).Average();
}
