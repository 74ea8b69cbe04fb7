using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// How each layer of the attack form is computed: measured at the first use of a network large enough for it to matter, by rule below. What
/// was measured is remembered on disk as one entry, which all processes read, and here, so that a form made anew for other weights costs
/// nothing.
/// </summary>
/// <param name="frames">Of a clip's features.</param>
/// <param name="bands">Of a clip's features.</param>
/// <param name="forwardFlops">Of a clip.</param>
/// <param name="remember"><see cref="ModelContext.Remember"/>.</param>
internal sealed class AlgorithmChoices(long frames, long bands, double forwardFlops, Func<string, Func<string>, string> remember)
{
    // Below, a gradient takes a few milliseconds.
    private const double LeastFlops = 1e9;

    private readonly Dictionary<ScalarType, IReadOnlyList<LayerAlgorithms>> _chosen = [];

    public long Frames => frames;

    public long Bands => bands;

    /// <param name="layers">Those behind the first, on the CPU.</param>
    /// <exception cref="PluginUserException">No algorithm computes a layer right on this machine.</exception>
    public IReadOnlyList<LayerAlgorithms> Choose(IReadOnlyList<FoldedConvolution> layers, ConvolutionMaker maker)
    {
        if (_chosen.TryGetValue(maker.Type, out IReadOnlyList<LayerAlgorithms>? known))
            return known;
        LayerAlgorithms[] byRule = [.. layers.Select(l => LayerAlgorithms.ByRule(l.Weight, maker.Type))];
        // With weights that are not finite no algorithm is right, and it is not the machine's fault.
        bool isMeasured =
            forwardFlops >= LeastFlops && maker.Type != ScalarType.Float16 && layers.All(l => l.Weight.isfinite().all().item<bool>());
        if (!isMeasured)
            return byRule;
        string text = remember(Key(layers, maker), () => string.Join(' ', Measure(layers, byRule, maker)));
        var read = new List<LayerAlgorithms>();
        foreach (string word in text.Split(' '))
        {
            if (LayerAlgorithms.TryParse(word, out LayerAlgorithms algorithms))
                read.Add(algorithms);
        }

        // A damaged entry.
        return _chosen[maker.Type] = read.Count == layers.Count ? read : byRule;
    }

    private static IEnumerable<LayerAlgorithms> Measure(
        IReadOnlyList<FoldedConvolution> layers,
        LayerAlgorithms[] byRule,
        ConvolutionMaker maker
    )
    {
        var probe = new AlgorithmProbe(maker.Make);
        for (int i = 0; i < layers.Count; i++)
        {
            yield return new LayerAlgorithms(
                probe.Choose(LayerDirection.Forward(layers[i]), byRule[i].Forward, maker.Type),
                probe.Choose(LayerDirection.Backward(layers[i]), byRule[i].Backward, maker.Type)
            );
        }
    }

    private static string Key(IReadOnlyList<FoldedConvolution> layers, ConvolutionMaker maker)
    {
        IEnumerable<string> shapes = layers.Select(l =>
            string.Create(CultureInfo.InvariantCulture, $"[{string.Join(' ', l.Weight.shape)}] on {l.Height} x {l.Width}")
        );
        string blocks = maker.Blocks.Size.ToString(CultureInfo.InvariantCulture);
        return $"vgg, algorithms of the attack form, {maker.Type}, blocks of {blocks}: {string.Join(", ", shapes)}";
    }
}
