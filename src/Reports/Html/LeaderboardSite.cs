using System.Text;
using System.Text.Json;
using MerBench.Analysis.Leaderboards;
using MerBench.Host;
using MerBench.Host.IO;

namespace MerBench.Reports.Html;

/// <summary>A leaderboard as a static site, ready for GitHub Pages: pages without network and with relative links, and its data.</summary>
public static class LeaderboardSite
{
    private const string Marker = "data/leaderboard.json";

    /// <summary>Writes the site; pages of entries that are gone are removed.</summary>
    /// <exception cref="UserErrorException">The folder holds something else.</exception>
    public static void Write(Leaderboard leaderboard, string folder)
    {
        if (
            Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any(e => Path.GetFileName(e) != ".git")
            && !File.Exists(Path.Combine(folder, Marker))
        )
            throw new UserErrorException($"{folder} is not empty and holds no leaderboard: choose another folder for the site.");
        if (Directory.Exists(Path.Combine(folder, "models")))
            Directory.Delete(Path.Combine(folder, "models"), recursive: true);
        LeaderboardPages.Index(leaderboard).Write(Path.Combine(folder, "index.html"));
        foreach (LeaderboardGroup group in leaderboard.Groups)
        foreach (LeaderboardEntry entry in group.Entries)
            LeaderboardEntryPage.Create(group, entry).Write(Path.Combine(folder, LeaderboardPages.PathOf(group, entry)));
        Write(Path.Combine(folder, Marker), JsonSerializer.Serialize(leaderboard, ResultJson.Options) + "\n");
        Write(Path.Combine(folder, "data", "leaderboard.csv"), LeaderboardData.Csv(leaderboard));
        // GitHub Pages otherwise asks Jekyll, which leaves files out.
        Write(Path.Combine(folder, ".nojekyll"), "");
    }

    private static void Write(string path, string text) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
}
