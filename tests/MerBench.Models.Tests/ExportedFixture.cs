using System.Text.Json;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Modules that Python exported, and what it says of them (fixtures/make_exported.py).</summary>
internal static class ExportedFixture
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "fixtures", name);

    public static JsonElement Answers()
    {
        using JsonDocument answers = JsonDocument.Parse(File.ReadAllText(Path("exported.json")));
        return answers.RootElement.Clone();
    }

    public static double[] Numbers(string name) => [.. Answers().GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    public static Tensor Ramp(params long[] shape) =>
        tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)(((i * 37L % 101) / 101.0) - 0.5))])
            .reshape(shape);
}
