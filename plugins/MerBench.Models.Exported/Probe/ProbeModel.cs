using MerBench.Models.Exported.Adapter;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Probe;

/// <summary>
/// A probe of an encoder: a frozen network that another program wrote, and a small head that MerBench fits to its embeddings of the
/// training clips. Attacks go through both. The encoder is known by the content of its file; only the head is stored.
/// </summary>
[Model(
    "probe",
    Summary = "A frozen encoder exported from PyTorch, with a head that is fitted to its embeddings",
    Source = "Alain and Bengio, Understanding intermediate layers using linear classifier probes, arXiv 1610.01644",
    RunsForeignCode = true
)]
[Reference(
    """
        @misc{alain2016,
          author = {Alain, Guillaume and Bengio, Yoshua},
          title  = {Understanding intermediate layers using linear classifier probes},
          year   = {2016},
          eprint = {1610.01644},
        }
        """
)]
public sealed class ProbeModel(ProbeOptions options) : IFittableModel, IDoublePrecision, IStaticInspection
{
    private const int BatchSize = 16;

    private readonly EncoderFile _file = new(options);
    private IExportedModule? _encoder;
    private ModelAdapter? _adapter;
    private IProbeHead? _head;
    private Domain? _input;

    /// <inheritdoc/>
    public Domain Input => _input ??= FindInput();

    /// <summary>The head's parameters.</summary>
    public IReadOnlyDictionary<string, Tensor> State => Head.State;

    private IProbeHead Head => _head ?? throw new InvalidOperationException("The model is not built yet.");

    /// <inheritdoc/>
    public ModelFileReport Inspect() => _file.Inspect();

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        try
        {
            _encoder = _file.Load(context.Device);
            _adapter = ModelAdapter.Fit(
                _encoder,
                options with
                {
                    Input = Input,
                },
                context,
                new EmbeddingReader(options.Output, options.TimeAxis)
            );
        }
        catch (PluginUserException e) when (!e.Message.StartsWith(options.Encoder, StringComparison.Ordinal))
        {
            throw new PluginUserException($"{options.Encoder} {e.Message.TrimEnd('.')}.", e);
        }

        using var scope = NewDisposeScope();
        using var guard = no_grad();
        long dimensions = Embed(zeros([1, .. context.InputShape], device: context.Device)).shape[1];
        manual_seed((long)(context.Random.NextBits() >> 1));
        _head =
            options.Head == ProbeHeadKind.Ridge
                ? new RidgeHead(dimensions, context.Emotions.Count, options.Penalty, context.Device)
                : new MlpHead(dimensions, context.Emotions.Count, options, context.Device);
    }

    /// <inheritdoc/>
    public void Fit(LabelledClips training, LabelledClips validation, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Head.Fit(Embed(training, cancel), validation.Count == 0 ? null : Embed(validation, cancel), cancel);
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => new(Head.Predict(Embed(input)));

    /// <summary>Does nothing: encoder and head are evaluated alike.</summary>
    /// <param name="training">Not used.</param>
    public void SetTraining(bool training) { }

    /// <inheritdoc/>
    public void ToDouble()
    {
        EncoderFile.ConvertToDouble(_encoder!);
        Head.ToDouble();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _head?.Dispose();
        _adapter?.Dispose();
        _encoder?.Dispose();
    }

    private Domain FindInput()
    {
        if (Inspect().Input is { } known)
            return known;
        using IExportedModule encoder = _file.Load(CPU);
        return DomainProbe.Find(encoder, options, CPU);
    }

    private Tensor Embed(Tensor input) => _adapter!.Forward(_encoder!, input).Emotion;

    private EmbeddedClips Embed(LabelledClips clips, CancellationToken cancel)
    {
        var embeddings = new List<Tensor>();
        foreach (Tensor batch in clips.Input.split(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            embeddings.Add(Embed(batch).MoveToOuterDisposeScope());
        }

        return new EmbeddedClips(cat(embeddings), clips.Emotion);
    }
}
