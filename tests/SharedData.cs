namespace MerBench.Tests;

/// <summary>Reference data that lies beside the checkout, in <c>../shared</c>; tests that need it are skipped, visibly, where it is
/// absent.</summary>
internal static class SharedData
{
    /// <summary>The absolute path of a reference file or folder; skips the running test when there is none.</summary>
    public static string Path(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "shared", relative);
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "shared", "design.md")) && System.IO.Path.Exists(candidate))
                return candidate;
        }

        Assert.Ignore($"Reference data 'shared/{relative}' is not on this machine.");
        return "";
    }
}
