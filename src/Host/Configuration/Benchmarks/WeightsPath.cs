using System.Globalization;
using MerBench.Host.Options;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>Paths of weights, which may contain <c>{seed}</c>.</summary>
public static class WeightsPath
{
    private const string Placeholder = "{seed}";

    /// <summary>The file of one seed.</summary>
    /// <param name="weights">As in <see cref="ModelDefinition.Weights"/>.</param>
    public static string ForSeed(string weights, int seed) =>
        weights.Replace(Placeholder, seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    internal static string? Resolve(Located<string> weights, IReadOnlyList<int> seeds, BindingContext context)
    {
        if (
            weights.Value.Contains('\0', StringComparison.Ordinal)
            || Path.GetExtension(weights.Value) is not (".safetensors" or ".pt" or ".pth")
        )
        {
            context.Report(
                weights.At,
                $"'{weights.Value}' is not a file of weights that can be loaded",
                "expected a name that ends in .safetensors, .pt or .pth"
            );
            return null;
        }

        string path = Path.GetFullPath(weights.Value, context.BaseFolder);
        string[] missing = [.. seeds.Select(seed => ForSeed(path, seed)).Distinct(StringComparer.Ordinal).Where(p => !File.Exists(p))];
        if (missing.Length > 0)
            context.Report(weights.At, $"weights '{weights.Value}' do not exist", $"looked for {ShortList.Write(missing)}");
        return path;
    }
}
