using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>One clip's recording.</summary>
/// <param name="ContentHash">SHA-256 of the file's bytes, or of the samples where they are rendered.</param>
/// <param name="Pcm">Mono samples; null where the reader was told that they are not needed.</param>
/// <param name="Remarks">What somebody should know who uses it; empty also where it was not decoded.</param>
internal sealed record Recording(string ContentHash, short[]? Pcm, IReadOnlyList<string> Remarks);

/// <summary>Decodes files and renders clips. Touches no torch, so it may run on any thread.</summary>
internal sealed class RecordingReader(FfmpegDecoder decoder)
{
    /// <summary>Reads one recording.</summary>
    /// <param name="needsSamples">Asked with the content's hash; false saves decoding.</param>
    /// <exception cref="UserErrorException">The recording cannot be used; the message names the file.</exception>
    public async Task<Recording> ReadAsync(AudioSource audio, int sampleRate, Func<string, bool> needsSamples, CancellationToken cancel)
    {
        if (audio is not AudioSource.File file)
        {
            short[] rendered = Render((AudioSource.Rendered)audio, sampleRate);
            string samplesHash = Hash(MemoryMarshal.AsBytes<short>(rendered));
            return new Recording(samplesHash, needsSamples(samplesHash) ? rendered : null, []);
        }

        string hash = await HashFileAsync(file.Path, cancel);
        if (!needsSamples(hash))
            return new Recording(hash, null, []);
        DecodedAudio decoded = await decoder.DecodeAsync(file.Path, sampleRate, cancel);
        return new Recording(hash, decoded.Samples, [.. decoded.Remarks.Select(r => $"{file.Path}: {r}.")]);
    }

    private static short[] Render(AudioSource.Rendered audio, int sampleRate)
    {
        short[]? samples;
        try
        {
            samples = audio.Render(sampleRate);
        }
        catch (Exception e)
        {
            string kind = e is PluginUserException ? "" : $"{e.GetType().Name}: ";
            throw new UserErrorException($"its audio cannot be rendered: {kind}{GuestText.Message(GuestText.ReadMessage(e))}", inner: e);
        }

        return samples is { Length: > 0 } ? samples : throw new UserErrorException("the dataset plugin rendered no samples.");
    }

    private static async Task<string> HashFileAsync(string path, CancellationToken cancel)
    {
        try
        {
            await using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{path}: no such file.", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read: {e.Message}", inner: e);
        }
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
