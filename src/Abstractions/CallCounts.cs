using static TorchSharp.torch;

namespace MerBench;

/// <summary>How often an attack asked the model, a clip.</summary>
internal sealed class CallCounts(int clips)
{
    private readonly long[] _forward = new long[clips];
    private readonly long[] _gradient = new long[clips];
    private readonly long[] _spared = new long[clips];

    public IReadOnlyList<long> Forward => _forward;

    public IReadOnlyList<long> Gradient => _gradient;

    public IReadOnlyList<long> Spared => _spared;

    /// <param name="input">Inputs <c>[R, ...]</c>.</param>
    /// <param name="rows">The clips they belong to; null for all.</param>
    /// <exception cref="ArgumentException">There are more or fewer inputs than clips.</exception>
    public void AddForward(Tensor input, IReadOnlyList<int>? rows) => Add(_forward, Require(input, rows));

    /// <summary>A gradient call includes a forward call.</summary>
    public void AddGradient(Tensor input, IReadOnlyList<int>? rows)
    {
        IEnumerable<int> asked = Require(input, rows);
        Add(_forward, asked);
        Add(_gradient, asked);
    }

    public void AddSpared(IReadOnlyList<int> rows) => Add(_spared, rows);

    private IEnumerable<int> Require(Tensor input, IReadOnlyList<int>? rows)
    {
        int expected = rows?.Count ?? clips;
        return input.shape[0] == expected
            ? rows ?? Enumerable.Range(0, clips)
            : throw new ArgumentException($"The input holds {input.shape[0]} clips, but {expected} were named.", nameof(input));
    }

    private static void Add(long[] calls, IEnumerable<int> rows)
    {
        foreach (int row in rows)
            calls[row]++;
    }
}
