using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CliWrap;
using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>Which decoder is used.</summary>
public sealed record DecoderInfo(string Path, string Version);

/// <summary>Decodes any audio file to mono 16-bit samples by ffmpeg, whose resampling the features of the reference rest on.</summary>
public sealed class FfmpegDecoder
{
    private readonly Lazy<string> _executable;

    /// <summary>A decoder that looks for ffmpeg when it is first needed: <c>MERBENCH_FFMPEG</c>, then the search path.</summary>
    public FfmpegDecoder()
        : this(() => FfmpegLocation.Find(Environment.GetEnvironmentVariable)) { }

    internal FfmpegDecoder(Func<string> locate) => _executable = new Lazy<string>(locate, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The program's path and version, for <c>doctor</c>.</summary>
    /// <exception cref="UserErrorException">ffmpeg is missing or does not start; exit code 4.</exception>
    public DecoderInfo Probe()
    {
        var (exitCode, output, log) = RunAsync(["-version"], CancellationToken.None).GetAwaiter().GetResult();
        string[] words = Encoding.UTF8.GetString(output).Split(' ', 4);
        if (exitCode != 0 || words is not ["ffmpeg", "version", ..])
        {
            throw new UserErrorException(
                $"'{_executable.Value}' does not answer like ffmpeg (exit code {exitCode}). Set {FfmpegLocation.Variable} to the path of "
                    + $"a working ffmpeg.\n{log.Trim()}",
                ErrorKind.Environment
            );
        }

        return new DecoderInfo(_executable.Value, words[2]);
    }

    /// <summary>Decodes one file, mixed to mono and resampled.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, is not audio or is cut off; ffmpeg is missing (4).</exception>
    public async Task<DecodedAudio> DecodeAsync(string path, int sampleRate, CancellationToken cancel)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"{path}: no such file.");
        if (new FileInfo(path).Length == 0)
            throw new UserErrorException($"{path}: the file is empty.");
        WaveHeader? header = WaveHeader.Read(path);
        FloatSamples? floats = header is { Complaint: null, HasFloats: true } ? FloatSamples.Scan(path, header) : null;
        if ((header?.Complaint ?? floats?.Complaint) is { } complaint)
            throw new UserErrorException($"{path}: {complaint}.");
        string rate = sampleRate.ToString(CultureInfo.InvariantCulture);
        var (exitCode, output, text) = await RunAsync(
            [
                "-nostdin",
                "-hide_banner",
                "-nostats",
                "-loglevel",
                "level+info",
                "-protocol_whitelist",
                "file",
                .. header?.Reading ?? [],
                "-i",
                path,
                "-vn",
                "-sn",
                "-dn",
                "-f",
                "s16le",
                "-ac",
                "1",
                "-ar",
                rate,
                "pipe:1",
            ],
            cancel
        );
        var log = new FfmpegLog(text);
        if (exitCode != 0 || output.Length < sizeof(short))
            throw new UserErrorException(
                $"{path}: ffmpeg cannot decode it as audio: {NameOf(path) ?? log.LastProblem ?? $"exit code {exitCode}"}"
            );

        short[] samples = MemoryMarshal.Cast<byte, short>(output).ToArray();
        double seconds = (double)samples.Length / sampleRate;
        OggEnd? end = OggEnd.Read(path);
        string? cut = header?.IsStreamed == true ? null : log.ReasonToThinkItCutOff(seconds, header?.Seconds);
        if ((cut ?? end?.Complaint) is { } reason)
            throw new UserErrorException($"{path}: the file is damaged or cut off: {reason}. Replace it or encode it anew.");
        string?[] remarks = [log.RemarkOnErrors(seconds), header?.Remark, floats?.Remark, end?.Remark];
        return new DecodedAudio(samples, [.. remarks.OfType<string>()]);
    }

    // What somebody saved under the name of a recording.
    private static string? NameOf(string path)
    {
        byte[] start = new byte[FileFormat.Looked];
        using FileStream file = File.OpenRead(path);
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return FileFormat.Recognise(start.AsSpan(0, read)) is { } format && !FileFormat.IsSound(format) ? $"it is {format}" : null;
    }

    private async Task<(int ExitCode, byte[] Output, string Log)> RunAsync(string[] arguments, CancellationToken cancel)
    {
        using var output = new MemoryStream();
        var log = new StringBuilder();
        try
        {
            CommandResult result = await Cli.Wrap(_executable.Value)
                .WithArguments(arguments)
                .WithStandardOutputPipe(PipeTarget.ToStream(output))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(log))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancel);
            return (result.ExitCode, output.ToArray(), log.ToString());
        }
        catch (Win32Exception e)
        {
            throw new UserErrorException(
                $"'{_executable.Value}' does not start: {e.Message} Set {FfmpegLocation.Variable} to the path of a working ffmpeg.",
                ErrorKind.Environment,
                e
            );
        }
    }
}
