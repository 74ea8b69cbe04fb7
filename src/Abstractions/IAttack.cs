using static TorchSharp.torch;

namespace MerBench;

/// <summary>Searches for perturbations that maximise an objective within a budget.</summary>
public interface IAttack
{
    /// <summary>Perturbs a batch of clips.</summary>
    /// <param name="context">The frozen model and everything else an attack needs; it counts model calls.</param>
    /// <param name="cancel">Cancelled by the user or when the cell's time is up; checked at least once a step.</param>
    /// <returns>Perturbed inputs, shaped as <see cref="AttackContext.Input"/>. The host recomputes norms, box and predictions from
    /// them.</returns>
    Tensor Perturb(AttackContext context, CancellationToken cancel);
}

/// <summary>An attack that learns from training clips before it sees the first test clip, such as one perturbation for all clips.</summary>
public interface IFittedAttack : IAttack
{
    /// <summary>Learns. The host calls it once a cell, before <see cref="IAttack.Perturb"/>, on the same instance.</summary>
    /// <param name="training">All training clips as one batch; ask for some of them at a time by rows.</param>
    /// <param name="cancel">Cancelled by the user or when the cell's time is up.</param>
    void Fit(AttackContext training, CancellationToken cancel);
}

/// <summary>An attack chosen in a benchmark file as an option of another attack: <c>{ use: apgd, with: { steps: 20 } }</c>, or its id
/// alone.</summary>
public abstract class AttackChoice
{
    /// <summary>The attack's id.</summary>
    public abstract string Id { get; }

    /// <summary>Makes the attack with its options.</summary>
    public abstract IAttack Create();
}

/// <summary>A fixed, natural perturbation with severities 1 to 5. It does not see the model.</summary>
public interface ICorruption
{
    /// <summary>The domains in which it can run.</summary>
    IReadOnlyList<Domain> Domains { get; }

    /// <summary>Corrupts a batch of clips.</summary>
    /// <param name="context">Clean inputs, severity, random streams.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <returns>Corrupted inputs, shaped as <see cref="CorruptionContext.Input"/>.</returns>
    Tensor Corrupt(CorruptionContext context, CancellationToken cancel);
}

/// <summary>What a corruption is asked for.</summary>
public enum CorruptionPurpose
{
    /// <summary>To see what a model makes of what comes out.</summary>
    Judging,

    /// <summary>
    /// To craft a perturbation through it. A corruption that chooses from a fixed stock, such as recorded rooms, chooses from another part
    /// than for judging, so that nothing is judged by what it was crafted with.
    /// </summary>
    Crafting,
}

/// <summary>What a corruption works on.</summary>
/// <param name="Input">Clean inputs <c>[B, T, F]</c> or <c>[B, N]</c>.</param>
/// <param name="Domain">Which of the two.</param>
/// <param name="Severity">1 (slight) to 5 (severe).</param>
/// <param name="SampleRate">Sample rate of waveforms, in Hz.</param>
/// <param name="Random">One stream a clip, keyed by cell and clip.</param>
/// <param name="Box">The domain's box; the host clamps to it.</param>
public sealed record CorruptionContext(
    Tensor Input,
    Domain Domain,
    int Severity,
    int SampleRate,
    IReadOnlyList<RandomStream> Random,
    Box? Box
)
{
    /// <summary>Finds the path of the ffmpeg program, for corruptions that need it; it is looked for only when this is called.</summary>
    /// <remarks>
    /// Where there is none, calling it throws an exception whose message says how to get ffmpeg. Let it pass: the host fails the cell with
    /// that message.
    /// A context that was given no finder, as in a plugin's own tests, throws a <see cref="PluginUserException"/>.
    /// </remarks>
    public Func<string> FindFfmpeg { get; init; } =
        () => throw new PluginUserException("This corruption needs ffmpeg, and was given none: set FindFfmpeg of its context.");

    /// <summary>What it is asked for; to judge, unless something else is said.</summary>
    public CorruptionPurpose Purpose { get; init; }
}
