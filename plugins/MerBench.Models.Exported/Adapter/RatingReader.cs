namespace MerBench.Models.Exported.Adapter;

/// <summary>Reads emotions, and concepts where there are any, out of a module's outputs.</summary>
internal sealed class RatingReader : IAnswerReader
{
    private readonly LabelMap _emotions;
    private readonly LabelMap? _concepts;
    private readonly string? _rawConcepts;

    /// <exception cref="PluginUserException">The options name other labels than the dataset's.</exception>
    public RatingReader(AdapterOptions options, IReadOnlyList<string>? labels, LabelSpace emotions, LabelSpace? concepts)
    {
        _emotions = new LabelMap(emotions, "emotions", options.Output, options.Emotions, labels);
        _emotions.RequireNames();
        if (options.Concepts is null && options.ConceptOutput is null)
            return;
        if (concepts is null && options.Concepts is not null)
            throw new PluginUserException("'concepts' names concepts, and the dataset rates none.");
        // A bottleneck's concepts are of use without ratings of them.
        if (concepts is null)
            _rawConcepts = options.ConceptOutput;
        else
            _concepts = new LabelMap(concepts, "concepts", options.ConceptOutput ?? options.Output, options.Concepts, labels);
        _concepts?.RequireNames();
    }

    private TorchSharp.torch.Tensor ReadEmotions(NamedOutputs outputs, long clips) =>
        AnswersOverTime.CountMoments(_emotions.FindMain(outputs), clips, _emotions.Count) is { } moments
            ? _emotions.Read(AnswersOverTime.Flatten(outputs, clips, moments), clips * moments).unflatten(0, [clips, moments])
            : _emotions.Read(outputs, clips);

    /// <inheritdoc/>
    public ModelOutput Read(NamedOutputs outputs, long clips)
    {
        TorchSharp.torch.Tensor emotions = ReadEmotions(outputs, clips);
        if (_rawConcepts is null)
            return new ModelOutput(emotions, _concepts?.Read(outputs, clips));
        int found = outputs.Find(_rawConcepts);
        return found >= 0
            ? new ModelOutput(emotions, OutputColumns.Read(outputs.Tensors[found], clips))
            : throw new PluginUserException($"has no output '{_rawConcepts}', which 'concept-output' names; there is {outputs.Describe()}");
    }
}
