using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>A convolutional network on log-filtered spectrograms, with a direct head (A2E) or a concept bottleneck (A2M2E,
/// A2B2E).</summary>
/// <param name="options">Head, width, dropout.</param>
[Model(
    "vgg",
    FillsChannelBlocks = true,
    Summary = "VGG-style convolutional network with a direct head or a concept bottleneck",
    Source = "Hoedt, Flexer and Widmer, Are Inherently Interpretable Models More Robust?, SMC 2025, arXiv 2508.03780"
)]
[Reference(
    """
        @inproceedings{hoedt2025,
          author    = {Hoedt, Katharina and Flexer, Arthur and Widmer, Gerhard},
          title     = {Are Inherently Interpretable Models More Robust? {A} Study in Music Emotion Recognition},
          booktitle = {Proceedings of the 22nd Sound and Music Computing Conference (SMC)},
          year      = {2025},
          doi       = {10.5281/zenodo.15837204},
          eprint    = {2508.03780},
        }
        """
)]
[Reference(
    """
        @inproceedings{chowdhury2019,
          author    = {Chowdhury, Shreyan and Vall, Andreu and Haunschmid, Verena and Widmer, Gerhard},
          title     = {Towards Explainable Music Emotion Recognition: The Route via Mid-level Features},
          booktitle = {International Society for Music Information Retrieval Conference (ISMIR)},
          year      = {2019},
          eprint    = {1907.03572},
        }
        """
)]
public sealed class VggModel(VggOptions options) : NetworkModel<VggNetwork>, IForwardCost, IFreezable, ICertifiable
{
    // Halved by the first convolution (rounding up) and by two poolings (rounding down), the map must keep one entry.
    private const int SmallestSide = 7;

    private bool _hasConcepts;
    private AlgorithmChoices? _algorithms;

    /// <inheritdoc/>
    protected override VggNetwork CreateNetwork(ModelContext context)
    {
        if (context.InputShape is not [>= SmallestSide, >= SmallestSide])
        {
            throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"vgg reads features of at least {SmallestSide} frames and {SmallestSide} bands; this dataset and front end give "
                        + $"[{string.Join(", ", context.InputShape)}]. Use longer excerpts or a front end with more bands."
                )
            );
        }

        int? units = options.Head switch
        {
            VggHead.Direct when options.BottleneckUnits > 0 => throw new PluginUserException(
                "vgg: bottleneck-units is set, but the head is direct. Set head: bottleneck, or leave bottleneck-units out."
            ),
            VggHead.Direct => null,
            _ when options.BottleneckUnits > 0 => options.BottleneckUnits,
            _ => context.Concepts?.Count
                ?? throw new PluginUserException(
                    "vgg: the dataset has no concepts to size the bottleneck by. Set bottleneck-units, for example to 7 as in the paper, "
                        + "or head: direct."
                ),
        };
        if (options is { OverTime: true, Certify: true })
            throw new PluginUserException("vgg: 'certify' proves predictions of clips as wholes. Leave it out, or 'over-time'.");
        _hasConcepts = units is not null && units == context.Concepts?.Count;
        var network = new VggNetwork(context.Emotions.Count, units, options.Width, options.Dropout, options.OverTime);
        ForwardFlops = network.ForwardFlops(context.InputShape[0], context.InputShape[1]);
        _algorithms = new AlgorithmChoices(context.InputShape[0], context.InputShape[1], ForwardFlops, context.Remember);
        return network;
    }

    /// <inheritdoc/>
    public double ForwardFlops { get; private set; }

    /// <inheritdoc/>
    public override ModelOutput Forward(Tensor input)
    {
        using Tensor withChannel = input.unsqueeze(1);
        (Tensor emotion, Tensor? units) = Network.call(withChannel);
        if (_hasConcepts || units is null)
            return new ModelOutput(emotion, units is { } concepts && options.OverTime ? concepts.mean([1]) : units);
        units.Dispose();
        return new ModelOutput(emotion);
    }

    /// <summary>Proves by the product of the layers' norms, where <see cref="VggOptions.Certify"/> asks for it.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<ICertificate> Certify(Tensor clips, IReadOnlyList<RandomStream> random, CancellationToken cancel)
    {
        IReadOnlyDictionary<Norm, IReadOnlyList<double>> slopes = options.Certify
            ? VggLipschitz.Compute(Network, clips.shape[1], clips.shape[2])
            : new Dictionary<Norm, IReadOnlyList<double>>();
        return [.. random.Select((_, i) => Certify(clips.narrow(0, i, 1), slopes, cancel))];
    }

    private LipschitzCertificate Certify(Tensor clip, IReadOnlyDictionary<Norm, IReadOnlyList<double>> slopes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (slopes.Count == 0)
            return new LipschitzCertificate([], slopes);
        using var scope = NewDisposeScope();
        return new LipschitzCertificate(Forward(clip).Emotion.to(float64).cpu().data<double>().ToArray(), slopes);
    }

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) => new FrozenVgg(Network, _hasConcepts, precision, _algorithms!);
}
