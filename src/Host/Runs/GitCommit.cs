using System.ComponentModel;
using System.Diagnostics;

namespace MerBench.Host.Runs;

/// <summary>The commit that a file belongs to.</summary>
internal static class GitCommit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The commit checked out where a file lies, marked <c>+changes</c> where the file differs from it; null where there is no
    /// repository or no git.</summary>
    public static string? Find(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (Git(folder, "rev-parse", "HEAD") is not { Length: > 0 } commit)
            return null;
        return Git(folder, "status", "--porcelain", "--", Path.GetFileName(file)) is "" ? commit : $"{commit}+changes";
    }

    private static string? Git(string folder, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(
                new ProcessStartInfo("git", arguments)
                {
                    WorkingDirectory = folder,
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            Task<string> output = git.StandardOutput.ReadToEndAsync();
            _ = git.StandardError.ReadToEndAsync();
            if (git.WaitForExit(Patience))
                return git.ExitCode == 0 ? output.GetAwaiter().GetResult().Trim() : null;
            git.Kill(entireProcessTree: true);
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
