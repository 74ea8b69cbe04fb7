using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>
/// What one ascent of <see cref="Apgd"/> remembers of each clip: its best point, how often the objective rose, how long a step is. All of
/// it stays on the device, in tensors of the dispose scope in which
/// it was made, written in place.
/// </summary>
internal sealed class ApgdProgress
{
    private readonly double _rho;
    private readonly Tensor _bestDelta,
        _bestGradient,
        _best,
        _bestBefore,
        _lastValue,
        _rises,
        _wasHalved;
    private int _steps;
    private bool _hasBegun;

    /// <param name="delta">Where the ascent begins, <c>[B, ...]</c>.</param>
    /// <param name="stepLength">Length of the first steps, <c>[B, 1, ...]</c>.</param>
    /// <param name="rho">Share of steps that must raise the objective for a step length to be kept.</param>
    public ApgdProgress(Tensor delta, Tensor stepLength, double rho)
    {
        _rho = rho;
        StepLength = stepLength.clone();
        (_bestDelta, _bestGradient) = (delta.clone(), zeros_like(delta));
        _best = full(delta.shape[0], double.NegativeInfinity, delta.dtype, delta.device);
        (_bestBefore, _lastValue) = (_best.clone(), _best.clone());
        _rises = zeros(delta.shape[0], dtype: delta.dtype, device: delta.device);
        _wasHalved = zeros(delta.shape[0], dtype: ScalarType.Bool, device: delta.device);
    }

    /// <summary>The length of the next step of each clip, <c>[B, 1, ...]</c>.</summary>
    public Tensor StepLength { get; }

    /// <summary>Takes note of a point, its objective and its gradient.</summary>
    public void Note(Tensor delta, Tensor value, Tensor gradient)
    {
        // No step led to the first point.
        if (_hasBegun)
        {
            _rises.add_((value > _lastValue).to(_rises.dtype));
            _steps++;
        }

        _hasBegun = true;
        _lastValue.copy_(value);
        Tensor better = value > _best;
        _best.copy_(where(better, value, _best));
        Keep(better, delta, _bestDelta);
        Keep(better, gradient, _bestGradient);
    }

    /// <summary>At a checkpoint: halves the step of clips that made poor progress, and puts them back to their best point. The paper's
    /// conditions 1 and 2.</summary>
    /// <param name="delta">Where the clips are; written.</param>
    /// <param name="momentum">The direction they gathered; written: those that go back begin anew.</param>
    /// <param name="gradient">The gradient there; written.</param>
    public void Judge(Tensor delta, Tensor momentum, Tensor gradient)
    {
        Tensor poor = _rises < _rho * _steps;
        Tensor stalled = _wasHalved.logical_not().logical_and(_best <= _bestBefore);
        Tensor halve = poor.logical_or(stalled);
        StepLength.copy_(where(PerClip.Column(halve, StepLength), StepLength / 2, StepLength));
        Keep(halve, _bestDelta, delta);
        Keep(halve, zeros_like(momentum), momentum);
        Keep(halve, _bestGradient, gradient);
        _wasHalved.copy_(halve);
        _bestBefore.copy_(_best);
        _rises.zero_();
        _steps = 0;
    }

    private static void Keep(Tensor clips, Tensor from, Tensor to) => to.copy_(where(PerClip.Column(clips, to), from, to));
}
