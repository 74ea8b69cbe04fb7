using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench;

/// <summary>
/// A network from features (or waveform) to emotions. The host calls <see cref="Build"/> once, then trains it by recipe
/// (<see cref="ITrainableModel"/>), fits it (<see cref="IFittableModel"/>) or loads its weights, and attacks it in evaluation mode.
/// All calls come from one thread at a time.
/// </summary>
public interface IModel : IDisposable
{
    /// <summary>What <see cref="Forward"/> reads.</summary>
    Domain Input { get; }

    /// <summary>Creates the network, initialised from the context's random stream, on the context's device.</summary>
    /// <param name="context">Label spaces, input shape, device, random stream.</param>
    /// <exception cref="PluginUserException">The options do not fit the dataset.</exception>
    void Build(ModelContext context);

    /// <summary>Predicts a batch; differentiable with respect to its input.</summary>
    /// <param name="input">Features <c>[B, T, F]</c> or waveform <c>[B, N]</c>, float32.</param>
    /// <returns>Emotions <c>[B, E]</c>, or over time <c>[B, T, E]</c>, and, for a bottleneck model, concepts <c>[B, C]</c>; no clip's
    /// output depends on another clip in evaluation mode.</returns>
    ModelOutput Forward(Tensor input);

    /// <summary>All parameters and buffers by name, as saved to <c>.safetensors</c>; the host copies loaded values into these very
    /// tensors.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Switches dropout and batch norm between training and evaluation.</summary>
    /// <param name="training">True while training.</param>
    void SetTraining(bool training);
}

/// <summary>A model that the host trains by gradient descent, following the <c>train:</c> recipe.</summary>
public interface ITrainableModel : IModel
{
    /// <summary>What the optimiser updates.</summary>
    IEnumerable<Parameter> Parameters { get; }
}

/// <summary>A model with a training procedure of its own, such as a closed form.</summary>
public interface IFittableModel : IModel
{
    /// <summary>Fits the model; afterwards <see cref="IModel.State"/> holds everything it needs.</summary>
    /// <param name="training">Training clips.</param>
    /// <param name="validation">Validation clips, possibly none.</param>
    /// <param name="cancel">Cancels the fit.</param>
    void Fit(LabelledClips training, LabelledClips validation, CancellationToken cancel);
}

/// <summary>What a model is built for.</summary>
/// <param name="Emotions">Emotions to predict.</param>
/// <param name="Concepts">Concepts that the dataset rates, or null.</param>
/// <param name="InputShape">Shape of one clip without the batch: <c>[T, F]</c> or <c>[N]</c>.</param>
/// <param name="Device">Where to put parameters.</param>
/// <param name="Random">Initialise from this stream only (for torch's generators: <c>torch.manual_seed</c> with its bits).</param>
public sealed record ModelContext(
    LabelSpace Emotions,
    LabelSpace? Concepts,
    IReadOnlyList<long> InputShape,
    Device Device,
    RandomStream Random
)
{
    /// <summary>Samples a second of waveforms, as the dataset and front end give them; 0 where it is not known.</summary>
    public int SampleRate { get; init; }

    /// <summary>The moments of each clip that the dataset rates; null where it rates clips as wholes.</summary>
    public RatedMoments? Moments { get; init; }

    /// <summary>
    /// Remembers what a plugin measured about this machine, such as which of several algorithms is the fastest. Given a key and a function
    /// that measures, it returns what was measured first for that key: on this kind of machine (processor, libtorch, threads, device) by
    /// this build of the plugin, in any process. The key says what else the measurement depends on, such as shapes. Results may depend on
    /// it only as far as they do on rounding. A context that was not made by the host measures every time.
    /// </summary>
    public Func<string, Func<string>, string> Remember { get; init; } = static (_, measure) => measure();

    /// <summary>Finds the path of the ffmpeg program, as <see cref="CorruptionContext.FindFfmpeg"/> does: for models with corruptions in
    /// front.</summary>
    public Func<string> FindFfmpeg { get; init; } =
        static () => throw new PluginUserException("This model needs ffmpeg, and was given none: set FindFfmpeg of its context.");
}

/// <summary>Clips with their ratings, prepared as a model reads them.</summary>
/// <param name="Input">Features <c>[B, T, F]</c> (standardised) or waveform <c>[B, N]</c>.</param>
/// <param name="Emotion">Emotion ratings <c>[B, E]</c>.</param>
/// <param name="Concepts">Concept ratings <c>[B, C]</c>, or null when the dataset has none.</param>
public sealed record LabelledClips(Tensor Input, Tensor Emotion, Tensor? Concepts)
{
    /// <summary>How many clips there are.</summary>
    public long Count => Input.shape[0];

    /// <summary>Emotion ratings over time <c>[B, K, E]</c>, NaN where nobody rated; null where the dataset has none.</summary>
    public Tensor? Curve { get; init; }
}

/// <summary>A model made of one torch module: derive, create the module in <see cref="CreateNetwork"/>, and call it in
/// <see cref="Forward"/>.</summary>
/// <typeparam name="TNetwork">The module's type.</typeparam>
public abstract class NetworkModel<TNetwork> : ITrainableModel, IDoublePrecision
    where TNetwork : nn.Module
{
    private TNetwork? _network;

    /// <inheritdoc/>
    public virtual Domain Input => Domain.Features;

    /// <summary>The network, after <see cref="Build"/>.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="Build"/>.</exception>
    protected TNetwork Network => _network ?? throw new InvalidOperationException("The model is not built yet.");

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => Network.parameters();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => Network.state_dict();

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        manual_seed((long)(context.Random.NextBits() >> 1));
        _network = CreateNetwork(context);
        _network.to(context.Device);
        _network.eval();
    }

    /// <summary>Creates the network; torch's generator is already seeded.</summary>
    /// <param name="context">Label spaces and input shape.</param>
    protected abstract TNetwork CreateNetwork(ModelContext context);

    /// <inheritdoc/>
    public abstract ModelOutput Forward(Tensor input);

    /// <inheritdoc/>
    public void SetTraining(bool training) => Network.train(training);

    /// <inheritdoc/>
    /// <remarks>Converts the network's parameters and buffers. Override it where the model keeps numbers elsewhere.</remarks>
    public virtual void ToDouble() => Network.to(ScalarType.Float64);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the network.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _network?.Dispose();
    }
}
