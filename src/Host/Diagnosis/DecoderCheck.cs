using MerBench.Host.Data;

namespace MerBench.Host.Diagnosis;

/// <summary>The decoder of audio files, which datasets that render their own audio do without.</summary>
internal static class DecoderCheck
{
    public static Finding Examine(Func<DecoderInfo> find)
    {
        try
        {
            DecoderInfo decoder = find();
            return new Finding("decoder", FindingStatus.Ok, $"ffmpeg {decoder.Version}, {decoder.Path}");
        }
        catch (UserErrorException problem)
        {
            return new Finding(
                "decoder",
                FindingStatus.Warning,
                "ffmpeg cannot be used, so datasets of audio files cannot be read",
                problem.Message
            );
        }
    }
}
