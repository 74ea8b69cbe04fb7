namespace MerBench.Tests;

/// <summary>The ffmpeg of this machine.</summary>
internal static class InstalledFfmpeg
{
    /// <summary>Its path; skips the running test, visibly, where it is not installed.</summary>
    public static string OrSkip()
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg"))
            .FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Ignore("ffmpeg is not on this machine.");
        return path!;
    }
}
