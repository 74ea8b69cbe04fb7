namespace MerBench.Host.Data;

/// <summary>Finds ffmpeg: <c>MERBENCH_FFMPEG</c>, then the search path.</summary>
internal static class FfmpegLocation
{
    public const string Variable = "MERBENCH_FFMPEG";

    /// <exception cref="UserErrorException">There is none; exit code 4.</exception>
    public static string Find(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } chosen)
        {
            return File.Exists(chosen)
                ? Path.GetFullPath(chosen)
                : throw new UserErrorException(
                    $"{Variable} is '{chosen}', but there is no such file. Set it to the path of the ffmpeg program, or unset it.",
                    ErrorKind.Environment
                );
        }

        string program = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
        return (environment("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(folder => Path.Combine(folder, program))
                .FirstOrDefault(File.Exists)
            ?? throw new UserErrorException(
                "Audio files are decoded, and lossy formats encoded, by ffmpeg, which was not found on the search path. Install it:\n"
                    + "  Debian, Ubuntu: sudo apt install ffmpeg\n"
                    + "  macOS:          brew install ffmpeg\n"
                    + "  Windows:        winget install Gyan.FFmpeg\n"
                    + $"or set {Variable} to the path of the program. Datasets that render their audio, such as cues, need no decoder.",
                ErrorKind.Environment
            );
    }
}
