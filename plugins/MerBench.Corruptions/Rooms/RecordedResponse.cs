namespace MerBench.Corruptions;

/// <summary>An impulse response in a WAV file, of whose channels the first is taken.</summary>
internal sealed class RecordedResponse
{
    // A response of 20 s is that of a mausoleum; what is longer is music.
    private const double LongestSeconds = 20;

    // Kept of what stands before the direct sound.
    private const double SecondsBefore = 0.0025;

    /// <param name="path">Where the file is. It is read whole, and again when it is needed.</param>
    /// <exception cref="PluginUserException">It is no WAV file, or no impulse response; the message leaves out the path.</exception>
    public RecordedResponse(string path)
    {
        Path = path;
        (float[] samples, int rate) = WaveFile.Read(path);
        double seconds = (double)samples.Length / rate;
        if (seconds > LongestSeconds)
            throw new PluginUserException(
                FormattableString.Invariant($"it lasts {seconds:0.#} s, and no impulse response is longer than {LongestSeconds} s")
            );
        if (Array.TrueForAll(samples, x => x == 0))
            throw new PluginUserException("it is silent");
        CentreTime = FindCentre(samples, FindDirect(samples)) / rate;
    }

    public string Path { get; }

    /// <summary>The centre of its energy in seconds behind the direct sound (ISO 3382-1): the larger, the more reverberant.</summary>
    public double CentreTime { get; }

    /// <summary>The response at a sample rate in Hz.</summary>
    /// <exception cref="PluginUserException">The file has become unusable since.</exception>
    public RoomResponse Respond(int sampleRate)
    {
        (float[] samples, int rate) = ReadAgain();
        float[] resampled = rate == sampleRate ? samples : Playback.Resample(samples, rate, sampleRate);
        int direct = FindDirect(resampled),
            first = Math.Max(0, direct - (int)Math.Round(SecondsBefore * sampleRate));
        return new RoomResponse([.. resampled.Skip(first).Select(x => (double)x)], direct - first);
    }

    private (float[] Samples, int Rate) ReadAgain()
    {
        try
        {
            return WaveFile.Read(Path);
        }
        catch (Exception e) when (e is PluginUserException or IOException or UnauthorizedAccessException)
        {
            throw new PluginUserException($"The corruption 'over-the-air' can no longer use '{Path}': {e.Message}", e);
        }
    }

    // The first peak of half the largest height at least: a reflection may be louder than the direct sound, though not by much.
    private static int FindDirect(float[] samples)
    {
        float half = samples.Max(Math.Abs) / 2;
        int place = Array.FindIndex(samples, x => Math.Abs(x) >= half);
        while (place + 1 < samples.Length && Math.Abs(samples[place + 1]) > Math.Abs(samples[place]))
            place++;
        return place;
    }

    private static double FindCentre(float[] samples, int direct)
    {
        double energy = 0,
            moment = 0;
        for (int i = direct; i < samples.Length; i++)
        {
            double power = (double)samples[i] * samples[i];
            (energy, moment) = (energy + power, moment + ((i - direct) * power));
        }

        return moment / energy;
    }
}
