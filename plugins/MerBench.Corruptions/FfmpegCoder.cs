using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MerBench.Corruptions;

/// <summary>Encodes and decodes mono sound by ffmpeg, by way of files in a temporary folder.</summary>
internal sealed partial class FfmpegCoder(string program, CodecFormat format, int sampleRate)
{
    // Below it MP3 and Vorbis know no higher sample rates than this one, and encoders fail or take more bits than asked.
    private const int LowBitRate = 32,
        SampleRateOfLowBitRate = 22050;

    private string Encoder =>
        format switch
        {
            CodecFormat.Mp3 => "libmp3lame",
            CodecFormat.Opus => "libopus",
            _ => "libvorbis",
        };

    private string Container => format == CodecFormat.Mp3 ? "mp3" : "ogg";

    private string[] Samples => ["-f", "f32le", "-ar", Text(sampleRate), "-ac", "1"];

    /// <param name="clip">Samples in <c>[-1, 1]</c>.</param>
    /// <param name="bitRate">In kbit/s.</param>
    /// <param name="cancel">Ends ffmpeg.</param>
    /// <exception cref="PluginUserException">ffmpeg does not start or fails.</exception>
    public float[] RoundTrip(float[] clip, double bitRate, CancellationToken cancel)
    {
        string rate = string.Create(CultureInfo.InvariantCulture, $"{bitRate}k");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("merbench-codec-");
        try
        {
            string clean = Path.Combine(folder.FullName, "clean"),
                coded = Path.Combine(folder.FullName, "coded"),
                decoded = Path.Combine(folder.FullName, "decoded");
            File.WriteAllBytes(clean, MemoryMarshal.AsBytes(clip.AsSpan()));

            // bitexact: no random serial numbers, no dates; one thread, so that the same ffmpeg writes the same bits.
            Run(
                [
                    .. Samples,
                    "-i",
                    clean,
                    "-threads",
                    "1",
                    "-fflags",
                    "+bitexact",
                    "-flags:a",
                    "+bitexact",
                    "-c:a",
                    Encoder,
                    "-b:a",
                    rate,
                    .. CodedSampleRate(bitRate),
                    "-f",
                    Container,
                    coded,
                ],
                $"at {rate}bit/s",
                cancel
            );
            Run(["-f", Container, "-i", coded, "-threads", "1", "-flags:a", "+bitexact", .. Samples, decoded], "back to samples", cancel);
            return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(decoded)).ToArray();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Opus knows few sample rates and ffmpeg chooses among them.
    private string[] CodedSampleRate(double bitRate) =>
        format != CodecFormat.Opus && bitRate < LowBitRate && sampleRate > SampleRateOfLowBitRate
            ? ["-ar", Text(SampleRateOfLowBitRate)]
            : [];

    private void Run(string[] arguments, string task, CancellationToken cancel)
    {
        using Process process = Start(["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments]);
        using CancellationTokenRegistration kill = cancel.Register(() => process.Kill());
        string log = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode == 0)
            return;
        throw new PluginUserException(
            log.Contains("Unknown encoder", StringComparison.Ordinal)
                ? $"The corruption 'codec' needs the encoder {Encoder}, which '{program}' was built without. Install an ffmpeg with it "
                    + $"(its encoders: ffmpeg -encoders), or choose another 'format'."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The corruption 'codec' failed: '{program}' cannot take {sampleRate} Hz through {Encoder} {task}: "
                        + $"{Source().Replace(log.Split('\n')[0], "").TrimEnd('.')}. Choose another 'bit-rate' or 'format'."
                )
        );
    }

    private Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        }
        catch (Win32Exception e)
        {
            throw new PluginUserException(
                $"The corruption 'codec' cannot start '{program}': {e.Message}. Set MERBENCH_FFMPEG to the path of a working ffmpeg.",
                e
            );
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // ffmpeg's lines begin with who wrote them, and an address that differs each time.
    [GeneratedRegex(@"^\[[^\]]*\] ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Source();
}
