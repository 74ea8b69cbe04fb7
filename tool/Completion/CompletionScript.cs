namespace MerBench.Tool.Completion;

/// <summary>What makes a shell ask the tool for the words that may follow.</summary>
internal static class CompletionScript
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["bash"] = "merbench.bash",
        ["zsh"] = "merbench.zsh",
        ["fish"] = "merbench.fish",
        ["powershell"] = "merbench.ps1",
    };

    public static IReadOnlyList<string> Shells { get; } = [.. Files.Keys];

    /// <param name="shell">One of <see cref="Shells"/>.</param>
    public static string Read(string shell)
    {
        using Stream script = typeof(CompletionScript).Assembly.GetManifestResourceStream(Files[shell])!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
