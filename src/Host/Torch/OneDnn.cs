namespace MerBench.Host.Torch;

/// <summary>Whether oneDNN computes in this process.</summary>
internal static class OneDnn
{
    /// <summary>Switches it off when it is <c>off</c>.</summary>
    public const string Variable = "MERBENCH_ONEDNN";

    /// <summary>Whether it is to be switched off.</summary>
    public static bool IsOff(Func<string, string?> environment) =>
        string.Equals(environment(Variable), "off", StringComparison.OrdinalIgnoreCase);
}
