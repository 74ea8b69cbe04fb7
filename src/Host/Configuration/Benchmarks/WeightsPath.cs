using System.Globalization;
using MerBench.Host.Options;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>A file of weights for each seed.</summary>
/// <param name="Path">Absolute; may contain <c>{seed}</c>.</param>
/// <param name="Key">Under which a checkpoint has the weights; null to find them.</param>
public sealed record WeightsPath(string Path, string? Key = null)
{
    private const string Placeholder = "{seed}";

    /// <summary>The file of one seed.</summary>
    public string ForSeed(int seed) => ForSeed(Path, seed);

    private static string ForSeed(string path, int seed) =>
        path.Replace(Placeholder, seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    internal static WeightsPath? Resolve(Located<string> weights, string? key, IReadOnlyList<int> seeds, BindingContext context)
    {
        if (
            weights.Value.Contains('\0', StringComparison.Ordinal)
            || System.IO.Path.GetExtension(weights.Value) is not (".safetensors" or ".pt" or ".pth")
        )
        {
            context.Report(
                weights.At,
                $"'{weights.Value}' is not a file of weights that can be loaded",
                "expected a name that ends in .safetensors, .pt or .pth"
            );
            return null;
        }

        string path = System.IO.Path.GetFullPath(weights.Value, context.BaseFolder);
        string[] files = [.. seeds.Select(seed => ForSeed(path, seed)).Distinct(StringComparer.Ordinal)],
            missing = [.. files.Where(p => !File.Exists(p))];
        foreach (string file in files)
            context.NoteInput(file);
        if (missing.Length > 0)
            context.Report(weights.At, $"weights '{weights.Value}' do not exist", $"looked for {ShortList.Write(missing)}");
        return new WeightsPath(path, key);
    }
}
