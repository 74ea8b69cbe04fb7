namespace MerBench.Host.Training;

/// <summary>What a training has cost so far, in clips.</summary>
/// <param name="Forward">Went forward through the model, validation included, attacks excluded.</param>
/// <param name="Gradient">Had their loss differentiated with respect to parameters.</param>
/// <param name="AttackForward">Forward calls of attacks.</param>
/// <param name="AttackGradient">Gradient calls of attacks.</param>
internal readonly record struct TrainingCalls(long Forward, long Gradient, long AttackForward, long AttackGradient)
{
    public static TrainingCalls operator +(TrainingCalls a, TrainingCalls b) =>
        new(a.Forward + b.Forward, a.Gradient + b.Gradient, a.AttackForward + b.AttackForward, a.AttackGradient + b.AttackGradient);
}
