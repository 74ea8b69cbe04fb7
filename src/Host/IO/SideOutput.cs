using MerBench.Host.Text;

namespace MerBench.Host.IO;

/// <summary>What is written beside a verdict, and must not change it: reports, figures, sound, summaries. Everything of that kind goes
/// through here; whoever writes it says why it is missing.</summary>
public static class SideOutput
{
    /// <returns>Why it was not written; null where it was.</returns>
    public static string? Write(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            string message = GuestText.Lines(GuestText.ReadMessage(e));
            return e is IOException or UnauthorizedAccessException or UserErrorException ? message : $"{e.GetType().Name}: {message}";
        }
    }
}
