using System.Globalization;
using System.Reflection;

namespace MerBench.Host.Plugins;

/// <summary>A version of the plugin contract: another major breaks plugins, another minor only adds.</summary>
public readonly record struct ContractVersion(int Major, int Minor)
{
    /// <summary>Reads a stamp such as <c>1.0</c>; null when it is none.</summary>
    public static ContractVersion? Parse(string stamp)
    {
        int dot = stamp.IndexOf('.', StringComparison.Ordinal);
        return
            dot > 0
            && int.TryParse(stamp.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(stamp.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new ContractVersion(major, minor)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}

/// <summary>What this host shares with its plugins, and whether an assembly was built against it.</summary>
/// <param name="Version">The contract's version.</param>
/// <param name="TorchSharp">The version of the shared TorchSharp.</param>
public sealed record HostContract(ContractVersion Version, Version TorchSharp)
{
    internal const string AssemblyName = "MerBench.Abstractions";
    internal const string TorchSharpName = "TorchSharp";
    internal const string StampKey = "MerBench.ContractVersion";

    /// <summary>The contract of the running host.</summary>
    public static HostContract Current { get; } = ReadCurrent();

    /// <summary>Why plugins of an assembly cannot be used with this contract, and what to do; null when they can.</summary>
    internal string? Problem(AssemblyFacts assembly)
    {
        if (assembly.ContractStamp is { } stamp)
        {
            if (ContractVersion.Parse(stamp) is not { } built)
                return $"its contract stamp '{stamp}' is not a version; rebuild it against {AssemblyName} with contract {Version}";
            if (built.Major != Version.Major || built.Minor > Version.Minor)
                return Skew($"contract {built}", $"{Version}", isNewer: built.Major >= Version.Major);
        }

        if (assembly.VersionOf(AssemblyName) is { } reference && reference.Major != Version.Major)
            return Skew($"contract {reference.Major}", $"{Version}", isNewer: reference.Major > Version.Major);
        if (assembly.VersionOf(TorchSharpName) is { } torch && torch > TorchSharp)
            return Skew($"{TorchSharpName} {torch}", $"{TorchSharp}", isNewer: true);
        return null;
    }

    private string Skew(string built, string host, bool isNewer) =>
        $"built against {built}, host has {host}; rebuild it against {AssemblyName} with contract "
        + $"{Version}{(isNewer ? ", or update MerBench" : "")}";

    private static HostContract ReadCurrent()
    {
        Assembly contract = typeof(IModel).Assembly;
        string stamp = contract.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == StampKey).Value!;
        return new HostContract(
            ContractVersion.Parse(stamp) ?? throw new InvalidOperationException($"{AssemblyName} carries the stamp '{stamp}'."),
            contract.GetReferencedAssemblies().First(a => a.Name == TorchSharpName).Version!
        );
    }
}
