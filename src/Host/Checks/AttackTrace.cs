using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>What an attack saw of one batch: the objective at every call and the length of every gradient, a clip. Kept on the device until asked for, so that watching does not hold the attack up.</summary>
internal sealed class AttackTrace(int clips) : IAttackObserver, IDisposable
{
    private readonly List<(Tensor Value, Tensor? Length, IReadOnlyList<int>? Rows)> _calls = [];

    public void Evaluated(Tensor value, Tensor? gradient, IReadOnlyList<int>? rows)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Tensor? length = gradient?.detach().flatten(1).norm(1).DetachFromDisposeScope();
        _calls.Add((value.detach().clone().DetachFromDisposeScope(), length, rows is null ? null : [.. rows]));
    }

    /// <summary>Each clip's calls, in their order.</summary>
    public IReadOnlyList<ClipTrace> Clips()
    {
        var traces = Enumerable.Range(0, clips).Select(_ => new ClipTrace([], [])).ToList();
        foreach ((Tensor value, Tensor? length, IReadOnlyList<int>? rows) in _calls)
        {
            float[] values = value.to(ScalarType.Float32).cpu().data<float>().ToArray();
            float[]? lengths = length?.to(ScalarType.Float32).cpu().data<float>().ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                ClipTrace trace = traces[rows?[i] ?? i];
                trace.Values.Add(values[i]);
                if (lengths is not null) trace.GradientLengths.Add(lengths[i]);
            }
        }

        return traces;
    }

    public void Dispose()
    {
        foreach ((Tensor value, Tensor? length, _) in _calls)
        {
            value.Dispose();
            length?.Dispose();
        }

        _calls.Clear();
    }
}

/// <param name="Values">The objective at each call.</param>
/// <param name="GradientLengths">The L2 norm of each gradient.</param>
internal sealed record ClipTrace(List<float> Values, List<float> GradientLengths);
