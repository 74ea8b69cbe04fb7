using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>The thresholds by which <see cref="AdamSign"/> selects an iterate, for all clips at once and without asking the device.</summary>
internal sealed class CorrelationThresholds(Tensor targets) : IDisposable
{
    private const double Step = 0.1, Floor = -0.9;

    private readonly Tensor _targets = Centred(targets).DetachFromDisposeScope();
    private Tensor? _next;

    /// <summary>The correlation that each clip must reach next, <c>[B]</c>; null before the first prediction.</summary>
    public Tensor? Next => _next;

    /// <summary>Which clips are still attacked, <c>[B]</c>.</summary>
    public Tensor Unfinished => _next is null ? ones(_targets.shape[0], dtype: ScalarType.Bool, device: _targets.device) : _next >= Floor - (Step / 2);

    /// <summary>Lowers the threshold of each clip whose prediction is at or below it.</summary>
    /// <param name="predicted">Predictions <c>[R, E]</c>.</param>
    /// <param name="clips">Which clips they belong to, <c>[R]</c>; null for all. The first call is for all.</param>
    /// <returns>Which of them passed, <c>[R]</c>.</returns>
    public Tensor Pass(Tensor predicted, Tensor? clips = null)
    {
        Tensor x = Centred(predicted), y = Of(_targets);
        Tensor r = (x * y).sum(1) / (x.square().sum(1) * y.square().sum(1)).sqrt();
        _next ??= ((r * 10).ceil() / 10).DetachFromDisposeScope();
        Tensor passed = (r <= Of(_next)).logical_and(Of(Unfinished));
        Tensor step = passed.to(float64) * -Step;
        if (clips is null) _next.add_(step);
        else _next.index_add_(0, clips, step, 1);
        return passed;

        Tensor Of(Tensor all) => clips is null ? all : all.index_select(0, clips);
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
