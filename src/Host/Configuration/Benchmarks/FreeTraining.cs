namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>
/// The <c>free:</c> mapping of a training recipe, after Shafahi et al., Adversarial Training for Free!, NeurIPS 2019, algorithm 1: each
/// batch is trained on several times, and the gradient that moves the weights also moves a perturbation, which the next batch starts from.
/// </summary>
/// <param name="Replays">How often each batch is trained on, m.</param>
/// <param name="Linf">Radius of the perturbation, and length of its steps; in units of the model's input.</param>
public sealed record FreeTraining(int Replays, double Linf);
