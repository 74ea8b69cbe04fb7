using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>
/// What an attack saw of one batch: the objective at every call and the length of every gradient, a clip. Kept on the device until there
/// are some, so that watching neither holds the attack up nor gathers tensors.
/// </summary>
internal sealed class AttackTrace(int clips) : IAttackObserver, IDisposable
{
    private const int MostKept = 64;

    private readonly ClipTrace[] _traces = [.. Enumerable.Range(0, clips).Select(_ => new ClipTrace([], []))];
    private readonly List<(Tensor Value, Tensor? Length, IReadOnlyList<int>? Rows)> _calls = [];

    public void Evaluated(Tensor value, Tensor? gradient, IReadOnlyList<int>? rows)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Tensor? length = gradient?.detach().flatten(1).norm(1).DetachFromDisposeScope();
        _calls.Add((value.detach().clone().DetachFromDisposeScope(), length, rows is null ? null : [.. rows]));
        if (_calls.Count == MostKept)
            Fetch();
    }

    /// <summary>Each clip's calls, in their order.</summary>
    public IReadOnlyList<ClipTrace> Clips()
    {
        Fetch();
        return _traces;
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

    private void Fetch()
    {
        foreach ((Tensor value, Tensor? length, IReadOnlyList<int>? rows) in _calls)
        {
            float[] values = Floats(value);
            float[]? lengths = length is null ? null : Floats(length);
            for (int i = 0; i < values.Length; i++)
            {
                ClipTrace trace = _traces[rows?[i] ?? i];
                trace.Values.Add(values[i]);
                if (lengths is not null)
                    trace.GradientLengths.Add(lengths[i]);
            }
        }

        Dispose();
    }

    private static float[] Floats(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.to(ScalarType.Float32).cpu().data<float>().ToArray();
    }
}

/// <param name="Values">The objective at each call.</param>
/// <param name="GradientLengths">The L2 norm of each gradient.</param>
internal sealed record ClipTrace(List<float> Values, List<float> GradientLengths)
{
    /// <summary>The best objective that was seen, or the one to start from.</summary>
    /// <param name="share">Of the calls, from the first.</param>
    public float FindBest(float start, double share = 1) =>
        Values.Take((int)(Values.Count * share)).Where(v => !float.IsNaN(v)).Aggregate(start, Math.Max);
}
