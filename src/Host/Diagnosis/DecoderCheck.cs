namespace MerBench.Host.Diagnosis;

/// <summary>The decoder of audio files, which datasets that render their own audio do without.</summary>
internal static class DecoderCheck
{
    public static Finding Examine(Func<DecoderProbe> find)
    {
        try
        {
            DecoderProbe decoder = find();
            return new Finding("decoder", FindingStatus.Ok, $"ffmpeg {decoder.Version}, {decoder.Path}");
        }
        catch (UserErrorException problem)
        {
            return new Finding("decoder", FindingStatus.Warning, "ffmpeg cannot be used, so datasets of audio files cannot be read", problem.Message);
        }
    }
}
