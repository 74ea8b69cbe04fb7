using static TorchSharp.torch;

namespace MerBench.Host.Checks.Models;

/// <summary>What a model predicts for a few clips: several times, and one by one.</summary>
/// <param name="Spread">The largest distance between predictions of the same clips in <see cref="Passes"/> passes.</param>
/// <param name="MovedState">A parameter or buffer that predicting changed; null where none did.</param>
/// <param name="ApartAlone">The largest distance between a clip's predictions alone and in a batch.</param>
internal sealed record PredictionEvidence(double Spread, string? MovedState, double ApartAlone)
{
    public const int Passes = 5;

    /// <param name="model">From the inputs to the model's output.</param>
    /// <param name="state">The model's parameters and buffers.</param>
    /// <param name="input">A few clips <c>[B, ...]</c>.</param>
    public static PredictionEvidence Gather(Func<Tensor, ModelOutput> model, IReadOnlyDictionary<string, Tensor> state, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Dictionary<string, Tensor> before = state.ToDictionary(s => s.Key, s => s.Value.detach().clone(), StringComparer.Ordinal);
        Tensor first = model(input).Emotion;
        double spread = 0;
        for (int pass = 1; pass < Passes; pass++)
            spread = Math.Max(spread, Distances.Largest(model(input).Emotion, first));
        string? moved = state.FirstOrDefault(s => Distances.Largest(s.Value.detach(), before[s.Key]) > 0).Key;
        double apart = 0;
        for (long clip = 0; clip < input.shape[0]; clip++)
            apart = Math.Max(apart, Distances.Largest(model(input[clip].unsqueeze(0)).Emotion[0], first[clip]));
        return new PredictionEvidence(spread, moved, apart);
    }
}
