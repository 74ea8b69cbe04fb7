using CliWrap;
using MerBench.Host;
using MerBench.Host.Data;
using MerBench.Host.IO;

namespace MerBench.Reports.Listening;

/// <summary>How audio files are written.</summary>
public enum AudioFormat
{
    /// <summary>16-bit PCM.</summary>
    Wav,

    /// <summary>The same samples, compressed by ffmpeg.</summary>
    Flac,

    /// <summary>Compressed with loss by ffmpeg: for the ear, not for models.</summary>
    Mp3,
}

/// <summary>Writes samples to files.</summary>
internal static class AudioWriter
{
    private static readonly string[] Reproducible = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"];

    public static string Describe(AudioFormat format) =>
        format switch
        {
            AudioFormat.Wav => "WAV, 16-bit PCM, mono, not dithered",
            AudioFormat.Flac => "FLAC of 16-bit samples, mono, not dithered",
            _ => "MP3, mono: compressed with loss, so that models may not predict for it what is told here",
        };

    public static string Extension(AudioFormat format) => format.ToString().ToLowerInvariant();

    /// <exception cref="UserErrorException">ffmpeg is needed and missing, or fails.</exception>
    public static void Write(string path, float[] samples, int sampleRate, AudioFormat format)
    {
        byte[] wave = WaveFile.Encode(samples, sampleRate);
        if (format == AudioFormat.Wav)
            AtomicFile.Write(path, wave);
        else
            Compress(path, wave, format == AudioFormat.Flac ? ["-c:a", "flac"] : ["-c:a", "libmp3lame", "-q:a", "0"]);
    }

    private static void Compress(string path, byte[] wave, string[] codec)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetRandomFileName()}{Path.GetExtension(path)}");
        var log = new System.Text.StringBuilder();
        try
        {
            CommandResult result = Cli.Wrap(FfmpegLocation.Find(Environment.GetEnvironmentVariable))
                .WithArguments([
                    "-hide_banner",
                    "-nostats",
                    "-loglevel",
                    "error",
                    "-f",
                    "wav",
                    "-i",
                    "pipe:0",
                    .. codec,
                    .. Reproducible,
                    "-y",
                    temporary,
                ])
                .WithStandardInputPipe(PipeSource.FromBytes(wave))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(log))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync()
                .GetAwaiter()
                .GetResult();
            if (result.ExitCode != 0)
                throw new UserErrorException($"ffmpeg cannot write {path}: {log.ToString().Trim()}", ErrorKind.Environment);
            AtomicFile.MoveInto(temporary, path);
        }
        finally
        {
            TemporaryName.Delete(temporary);
        }
    }
}
