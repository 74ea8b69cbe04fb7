using MerBench.Host.Configuration.Benchmarks;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>
/// The perturbation of free adversarial training (Shafahi et al., NeurIPS 2019, algorithm 1): it stays from batch to batch, and moves along
/// the sign of the gradient that each training step computes anyway. It begins at zero in each epoch, so that a training can go on from
/// there.
/// </summary>
/// <param name="settings">Radius and replays.</param>
/// <param name="domain">Of the model's input; samples stay within full scale.</param>
internal sealed class FreePerturbation(FreeTraining settings, Domain domain) : IDisposable
{
    private Tensor? _perturbation;

    public void Reset()
    {
        _perturbation?.Dispose();
        _perturbation = null;
    }

    /// <summary>Trains on one batch several times.</summary>
    /// <param name="input">Clean clips.</param>
    /// <param name="step">Trains on perturbed clips once, which leaves the gradient of the loss in them; returns the loss.</param>
    /// <returns>The mean loss.</returns>
    public double Replay(Tensor input, Func<Tensor, double> step)
    {
        double total = 0;
        for (int i = 0; i < settings.Replays; i++)
        {
            using var scope = NewDisposeScope();
            Tensor perturbation = _perturbation ?? zeros_like(input);
            Tensor seen = input + perturbation;
            if (domain == Domain.Waveform)
                seen = seen.clamp(-1, 1);
            seen = seen.detach().requires_grad_();
            total += step(seen);
            Tensor moved = perturbation + (settings.Linf * seen.grad!.sign());
            _perturbation?.Dispose();
            _perturbation = moved.clamp(-settings.Linf, settings.Linf).detach().DetachFromDisposeScope();
        }

        return total / settings.Replays;
    }

    public void Dispose() => _perturbation?.Dispose();
}
