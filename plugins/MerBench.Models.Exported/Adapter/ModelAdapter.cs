using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Stands between a benchmark's clips and a module of another program: it knows in which form the module takes clips, and where in
/// its outputs the dataset's labels are.</summary>
internal sealed class ModelAdapter : IDisposable
{
    private readonly ModuleForm _form;
    private readonly IAnswerReader _reader;

    private ModelAdapter(ModuleForm form, IAnswerReader reader) => (_form, _reader) = (form, reader);

    /// <summary>Fits a module to a dataset: what neither the options nor the file say is found by asking the module.</summary>
    /// <exception cref="PluginUserException">They do not fit, or the module cannot be attacked; the message says which.</exception>
    public static ModelAdapter Fit(IExportedModule module, AdapterOptions options, ModelContext context)
    {
        try
        {
            return Fit(module, options, context, new RatingReader(options, Labels(module, options), context.Emotions, context.Concepts));
        }
        catch (PluginUserException e) when (!e.Message.StartsWith(module.File, StringComparison.Ordinal))
        {
            throw new PluginUserException($"{module.File}: {e.Message}", e);
        }
    }

    /// <summary>Fits a module whose outputs are read otherwise.</summary>
    public static ModelAdapter Fit(IExportedModule module, ModuleOptions options, ModelContext context, IAnswerReader reader)
    {
        var probe = new FormProbe(module, options, context, reader);
        ModuleForm form = probe.Find(DomainProbe.Find(module, options, context.Device));
        var adapter = new ModelAdapter(form, reader);
        try
        {
            using var scope = NewDisposeScope();
            Tensor clips = new FormTrial(module, reader, context.InputShape, context.Device).Clips(form.ClipByClip ? 1 : 2);
            Tensor input = form.Prepare(clips);
            ModuleNature.Require(module, form.ClipByClip ? input[..1] : input);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>What a module predicts for clips <c>[B, N]</c> or <c>[B, T, F]</c>.</summary>
    /// <param name="module">The one that was fitted, or a copy that computes in another format.</param>
    /// <param name="clips">As the benchmark has them.</param>
    public ModelOutput Forward(IExportedModule module, Tensor clips) => _form.Ask(module.Forward, _reader, clips);

    /// <inheritdoc/>
    public void Dispose() => _form.Resampler?.Dispose();

    private static IReadOnlyList<string>? Labels(IExportedModule module, AdapterOptions options) =>
        options.Labels
        ?? (options.LabelsFile is { } file ? ModuleMetadata.ReadLabels(File.ReadAllText(file)) : null)
        ?? module.Metadata.Labels;
}
