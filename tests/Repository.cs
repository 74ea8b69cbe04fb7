namespace MerBench.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MerBench.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"MerBench.sln lies in no folder above {AppContext.BaseDirectory}.");
    }
}
