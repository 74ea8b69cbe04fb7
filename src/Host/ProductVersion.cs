using System.Reflection;

namespace MerBench.Host;

/// <summary>The version of MerBench, as results, pages and cache keys name it.</summary>
public static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "0";
}
