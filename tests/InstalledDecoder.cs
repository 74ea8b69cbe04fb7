using MerBench.Host;
using MerBench.Host.Data;

namespace MerBench.Tests;

/// <summary>The ffmpeg of this machine.</summary>
internal static class InstalledDecoder
{
    /// <summary>A decoder; skips the running test where ffmpeg is not installed.</summary>
    public static FfmpegDecoder OrSkip()
    {
        var decoder = new FfmpegDecoder();
        try
        {
            decoder.Probe();
        }
        catch (UserErrorException e) when (e.Kind == ErrorKind.Environment)
        {
            Assert.Ignore("ffmpeg is not on this machine.");
        }

        return decoder;
    }
}
