using static TorchSharp.torch;

namespace MerBench.Models.Composed.Defences;

/// <summary>A corruption in front of a model. Its gradient is its own where it has one, else that of a stand-in or of the identity, at what
/// the corruption itself returns (BPDA).</summary>
internal sealed class Defence(CorruptionChoice choice) : IDisposable
{
    private readonly ICorruption _corruption = choice.Create();

    public string Id => choice.Id;

    public bool IsExact => _corruption is IDifferentiableCorruption { IsExact: true };

    public bool WorksOn(Domain domain) => _corruption.Domains.Contains(domain);

    /// <summary>Lets inputs through.</summary>
    /// <param name="input">As <paramref name="setting"/> has them, with gradients where these are asked for.</param>
    /// <param name="setting">Domain, sample rate, box, purpose and the way to ffmpeg.</param>
    /// <param name="draw">The random numbers, the same for each clip.</param>
    public Tensor Pass(Tensor input, CorruptionContext setting, Func<RandomStream> draw)
    {
        CorruptionContext With(Tensor clips) =>
            setting with
            {
                Input = clips,
                Severity = choice.Severity,
                Random = [.. Enumerable.Range(0, (int)clips.shape[0]).Select(_ => draw())],
            };

        bool follows = is_grad_enabled() && input.requires_grad;
        if (follows && _corruption is IDifferentiableCorruption { IsExact: true } exact)
            return Clamp(exact.Approach(With(input)), setting.Box);
        Tensor returned;
        using (no_grad())
            returned = Clamp(_corruption.Corrupt(With(input.detach()), CancellationToken.None), setting.Box);
        if (!follows)
            return returned;
        Tensor standIn = _corruption is IDifferentiableCorruption differentiable ? differentiable.Approach(With(input)) : input;
        return standIn + (returned - standIn.detach());
    }

    public void Dispose() => (_corruption as IDisposable)?.Dispose();

    private static Tensor Clamp(Tensor values, Box? box) => box is { } b ? values.clamp(b.Minimum, b.Maximum) : values;
}
