using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>The thresholds by which <see cref="AdamSign"/> selects an iterate, for all clips at once and without asking the
/// device.</summary>
internal sealed class CorrelationThresholds(Tensor targets) : IDisposable
{
    private const double Step = 0.1,
        Floor = -0.9;

    private readonly Tensor _targets = Centred(targets).DetachFromDisposeScope();
    private Tensor? _next;

    /// <summary>The correlation that each clip must reach next, <c>[B]</c>; null before the first prediction.</summary>
    public Tensor? Next => _next;

    /// <summary>Which clips are attacked no more, <c>[B]</c>.</summary>
    public Tensor Finished =>
        _next is null
            ? zeros(_targets.shape[0], dtype: ScalarType.Bool, device: _targets.device)
            : (_next >= Floor - (Step / 2)).logical_not();

    /// <summary>Lowers the threshold of each clip whose prediction is at or below it.</summary>
    /// <param name="predicted">Predictions <c>[B, E]</c>; one that is not a number passes nothing.</param>
    /// <returns>Which of them passed, <c>[B]</c>.</returns>
    public Tensor Pass(Tensor predicted)
    {
        Tensor x = Centred(predicted);
        Tensor r = (x * _targets).sum(1) / (x.square().sum(1) * _targets.square().sum(1)).sqrt();
        _next ??= ((r * 10).ceil() / 10).DetachFromDisposeScope();
        Tensor passed = (r <= _next).logical_and(Finished.logical_not());
        _next.add_(passed.to(float64) * -Step);
        return passed;
    }

    public void Dispose()
    {
        _targets.Dispose();
        _next?.Dispose();
    }

    private static Tensor Centred(Tensor values)
    {
        Tensor exact = values.to(float64);
        return exact - exact.mean([1], keepdim: true);
    }
}
