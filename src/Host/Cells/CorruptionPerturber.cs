using MerBench.Host.Checks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>A corruption asks no model, and is judged by what the model predicts alone.</summary>
internal sealed class CorruptionPerturber(Cell cell, LoadedModel model, PreparedDataset data, Device device) : IPerturber
{
    private readonly ICorruption _corruption = cell.Perturbation.Use.Create<ICorruption>();
    private readonly Domain _domain = cell.Perturbation.Domain;
    private readonly Tensor? _window = PerturbationWindow.Draw(cell.Perturbation.Window, cell.Perturbation.Domain, data, device);

    public Precision? Precision => null;

    public CallsOfFit Fit(IProgress<double>? progress, CancellationToken cancel) => default;

    public PerturbedBatch Perturb(CellBatch batch, CancellationToken cancel)
    {
        string plugin = cell.Perturbation.Use.Plugin.Id;
        Tensor lent = Lent.Copy(batch.Input);
        Box? box = AttackedModel.BoxOf(_domain);
        RandomStream[] streams = [.. batch.Clips.Select(clip => RandomStreams.Create(cell, clip))];
        var context = new CorruptionContext(lent, _domain, cell.Severity ?? 1, data.SampleRate, streams, box)
        {
            FindFfmpeg = () => FfmpegLocation.Find(Environment.GetEnvironmentVariable),
        };
        Tensor? corrupted = GuestCall.Run<Tensor?>(plugin, () => _corruption.Corrupt(context, cancel));
        if (corrupted is { IsInvalid: true })
            throw new CellFailedException($"{plugin} returned a tensor that it had disposed.");
        corrupted = corrupted?.detach().clone();
        Lent.RequireUnspoiled(plugin, "the clean inputs", lent, batch.Input);
        if (corrupted is not null)
            corrupted = PerturbationWindow.Confine(corrupted, batch.Input, _window);
        if (corrupted is not null && box is { } b)
            corrupted = corrupted.clamp(b.Minimum, b.Maximum);
        new PerturbationCheck(plugin, _domain, cell.Budget, box).Enforce(corrupted, batch.Input, batch.ClipIds);
        return new PerturbedBatch(corrupted!, model.Predict(corrupted!, _domain));
    }

    public IEnumerable<Doubt> Examine(IReadOnlyList<ClipRow> clips, CancellationToken cancel) =>
        model.Doubts(_domain).Where(d => d.Scope == CheckScope.Predictions);

    public void Dispose()
    {
        (_corruption as IDisposable)?.Dispose();
        _window?.Dispose();
    }
}
