using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>One direction of a layer as a convolution that keeps the map's size.</summary>
/// <param name="Filters"><c>[K, C, k, k]</c>; those back to the input are turned.</param>
/// <param name="Bias">Forward: one value a filter, added before ReLU. Null on the way back, which begins with ReLU.</param>
internal sealed record LayerDirection(Tensor Filters, Tensor? Bias, long Height, long Width)
{
    public static LayerDirection Forward(FoldedConvolution layer) => new(layer.Weight, layer.Bias, layer.Height, layer.Width);

    public static LayerDirection Backward(FoldedConvolution layer) =>
        new(FrozenConvolution.Turn(layer.Weight), null, layer.Height, layer.Width);
}

/// <summary>What a probe found of one algorithm.</summary>
/// <param name="Error">Root mean square of its error against float64, of the size that results have.</param>
/// <param name="IsRight">Whether that is what its format allows.</param>
/// <param name="Milliseconds">One for each round; empty for one that is wrong.</param>
internal sealed record Trial(ConvolutionAlgorithm Algorithm, double Error, bool IsRight, IReadOnlyList<double> Milliseconds)
{
    /// <summary>Of the rounds in which it took part.</summary>
    public double Median => Milliseconds.Order().ElementAt(Milliseconds.Count / 2);
}

/// <summary>
/// Finds the fastest right algorithm for one direction of a layer: with its own filters, on random maps of its size. What an algorithm
/// returns is compared with float64 before its time counts, so that one that is wrong on this machine is never chosen. The comparison takes
/// a random sum over the output's channels at every place, which is itself a convolution with one filter (Freivalds' check of products).
/// </summary>
/// <param name="make">Makes an algorithm from filters.</param>
/// <param name="clips">Maps of a batch for timing; null for as many as give tiles enough rows for their products.</param>
/// <param name="rounds">Of timing, in turn.</param>
/// <param name="lost">What is slower than the fastest by this factor in the first round is not timed again.</param>
internal sealed class AlgorithmProbe(
    Func<ConvolutionAlgorithm, Tensor, IConvolution> make,
    int? clips = null,
    int rounds = 3,
    double lost = 2
)
{
    /// <summary>What another algorithm must take less than that of the rule, so that the noise of a machine decides nothing.</summary>
    public const double Margin = 0.1;

    private const long FewestPlaces = 1000;

    /// <summary>
    /// Relative error that is allowed: of rounding in float32 by tiles; of maps and filters in bfloat16; of tiles in bfloat16, which round
    /// more.
    /// </summary>
    public static double Tolerance(ConvolutionAlgorithm algorithm, ScalarType type) =>
        algorithm switch
        {
            ConvolutionAlgorithm.Bf16Tiles => 0.04,
            ConvolutionAlgorithm.Direct when type == ScalarType.BFloat16 => 0.01,
            _ => 1e-5,
        };

    /// <summary>Chooses for one direction; patches of more than one place only where nothing else is right.</summary>
    /// <exception cref="PluginUserException">No algorithm is right.</exception>
    public ConvolutionAlgorithm Choose(LayerDirection direction, ConvolutionAlgorithm byRule, ScalarType type)
    {
        IReadOnlyList<Trial> trials = Try(direction, Candidates(direction, type), type);
        if (!trials.Any(t => t.IsRight))
            trials = [.. trials, .. Try(direction, [ConvolutionAlgorithm.Patches], type)];
        return Fastest(trials, byRule) ?? throw NothingRight(direction, trials);
    }

    private static PluginUserException NothingRight(LayerDirection direction, IReadOnlyList<Trial> trials)
    {
        IEnumerable<string> errors = trials.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Error:g2} ({t.Algorithm})"));
        string channels = FormattableString.Invariant($"{direction.Filters.shape[1]} to {direction.Filters.shape[0]} channels");
        return new PluginUserException(
            $"vgg: this machine computes no convolution of {channels} right: off by {string.Join(", ", errors)} against float64."
        );
    }

    /// <summary>Algorithms that can be the fastest.</summary>
    public static IEnumerable<ConvolutionAlgorithm> Candidates(LayerDirection direction, ScalarType type)
    {
        if (WinogradConvolution.Fits(direction.Filters))
        {
            yield return ConvolutionAlgorithm.Tiles;
            if (type == ScalarType.BFloat16 && direction.Bias is null)
                yield return ConvolutionAlgorithm.Bf16Tiles;
        }

        if (direction.Filters.shape[2] == 1)
            yield return ConvolutionAlgorithm.Patches;
        yield return ConvolutionAlgorithm.Direct;
    }

    /// <summary>
    /// The rule's algorithm, unless it is wrong or another right one is faster by <see cref="Margin"/>; null where none is right.
    /// </summary>
    public static ConvolutionAlgorithm? Fastest(IReadOnlyList<Trial> trials, ConvolutionAlgorithm byRule)
    {
        Trial[] right = [.. trials.Where(t => t.IsRight)];
        if (right.Length == 0)
            return null;
        Trial fastest = right.MinBy(t => t.Median)!;
        Trial? ruled = right.FirstOrDefault(t => t.Algorithm == byRule);
        return ruled is null || fastest.Median < (1 - Margin) * ruled.Median ? fastest.Algorithm : byRule;
    }

    /// <summary>Compares algorithms with float64, and times those that are right.</summary>
    public IReadOnlyList<Trial> Try(LayerDirection direction, IEnumerable<ConvolutionAlgorithm> algorithms, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        // A stream of its own: what is drawn here must not change what a training draws.
        using var random = new Generator(1, CPU);
        (long filters, long channels) = (direction.Filters.shape[0], direction.Filters.shape[1]);
        long places = direction.Height * direction.Width;
        long[] shape = [clips ?? (FewestPlaces + places - 1) / places, direction.Height, direction.Width, channels];
        Tensor map = randn(shape, generator: random);
        Tensor? rectified = direction.Bias is null ? randn(shape, generator: random).relu_() : null;
        // One map shows what is wrong.
        (Tensor one, Tensor? oneRectified) = (map[..1], rectified?[..1]);
        Tensor signs = randn([filters], generator: random).sign().to(ScalarType.Float64);
        Tensor passed = oneRectified is null ? one : one * oneRectified.sign();
        Tensor expected = SumOfChannels(passed.to(ScalarType.Float64), direction.Filters.to(ScalarType.Float64), signs);
        double scale = (direction.Filters.norm() * passed.square().mean().sqrt()).item<float>();
        var found = new List<(ConvolutionAlgorithm Algorithm, double Error, bool IsRight, IConvolution Convolution, List<double> Times)>();
        try
        {
            foreach (ConvolutionAlgorithm algorithm in algorithms)
            {
                IConvolution convolution = make(algorithm, direction.Filters);
                double error = Error(convolution);
                found.Add((algorithm, error, error <= Tolerance(algorithm, type) * scale, convolution, []));
            }

            Time([.. found.Where(f => f.IsRight).Select(f => (f.Convolution, f.Times))]);
            return [.. found.Select(f => new Trial(f.Algorithm, f.Error / scale, f.IsRight, f.Times))];
        }
        finally
        {
            foreach (var tried in found)
                tried.Convolution.Dispose();
        }

        // NaN compares as wrong.
        double Error(IConvolution convolution)
        {
            using var step = NewDisposeScope();
            Tensor output = convolution.Apply(one, null, oneRectified);
            return (output.to(ScalarType.Float64).matmul(signs) - expected).square().mean().sqrt().item<double>();
        }

        void Time((IConvolution Convolution, List<double> Times)[] contenders)
        {
            for (int round = 0; round < rounds; round++)
            {
                foreach ((IConvolution convolution, List<double> times) in contenders)
                {
                    using var step = NewDisposeScope();
                    long start = Stopwatch.GetTimestamp();
                    convolution.Apply(map, direction.Bias, rectified);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                double first = contenders.Length == 0 ? 0 : contenders.Min(c => c.Times[0]);
                contenders = [.. contenders.Where(c => c.Times[0] <= lost * first)];
                if (contenders.Length <= 1)
                    return;
            }
        }
    }

    // The random sum of what filters [K, C, k, k] make of a map, [B, H, W], by products of matrices alone.
    private static Tensor SumOfChannels(Tensor map, Tensor filters, Tensor signs)
    {
        (long height, long width, long kernel) = (map.shape[1], map.shape[2], filters.shape[2]);
        long edge = (kernel - 1) / 2;
        Tensor filter = filters.permute(1, 2, 3, 0).matmul(signs).flatten(1);
        Tensor places = nn.functional.pad(map.matmul(filter), [0, 0, edge, edge, edge, edge]);
        Tensor sum = zeros_like(map.select(3, 0));
        for (long i = 0; i < kernel * kernel; i++)
            sum.add_(places.select(3, i).narrow(1, i / kernel, height).narrow(2, i % kernel, width));
        return sum;
    }
}
