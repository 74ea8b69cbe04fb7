using MerBench.Host.Cells;
using MerBench.Host.Plugins;
using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>The promises of <see cref="IAttack"/>, on a small smooth network whose sums do not depend on the batch.</summary>
internal sealed class AttackConformance(PluginUse use, Device device)
{
    private const int Clips = 3,
        Frames = 32,
        Bands = 24,
        Samples = 8_192;
    private const double Rounding = 1e-5;

    private static readonly Budget?[] Budgets = [new(Norm.Linf, 0.05), new(Norm.L2, 0.5), new(Norm.Snr, 20), null];

    public IEnumerable<(string Name, Func<CancellationToken, string?> Check)> Checks() =>
        [
            ("budget-kept", token => InEach(setting => BudgetKept(setting, token))),
            (
                "same-seed-same-result",
                token =>
                    InFirst(setting =>
                        Faults.OfDistance(
                            "two attacks with the same random streams differ",
                            Perturb(setting, token),
                            Perturb(setting, token),
                            0
                        )
                    )
            ),
            ("batch-invariant", token => InFirst(setting => BatchInvariant(setting, token))),
            ("objective-rises", token => InFirst(setting => Rises(setting, token))),
            ("silence", token => InFirst(setting => Silence(setting, token))),
            ("input-untouched", token => InFirst(setting => InputUntouched(setting, token))),
            ("cancellation", _ => InFirst(setting => Faults.OfCancellation(cancelled => Perturb(setting, cancelled)))),
            ("tensors-freed", token => InFirst(setting => Faults.OfLeak(() => Perturb(setting, token)))),
        ];

    /// <summary>A domain and a budget in which the attack works.</summary>
    private sealed record Setting(Domain Domain, Budget? Budget)
    {
        public Box? Box => AttackedModel.BoxOf(Domain);

        public override string ToString() => $"{Domain.ToString().ToLowerInvariant()}, {Budget?.ToString() ?? "no budget"}";
    }

    // Everything that it works in.
    private string? InEach(Func<Setting, string?> check) => In(Enum.GetValues<Domain>().SelectMany(SettingsOf), int.MaxValue, check);

    // One budget of each domain: enough where budgets do not matter.
    private string? InFirst(Func<Setting, string?> check)
    {
        var skipped = new List<string>();
        foreach (Domain domain in Enum.GetValues<Domain>())
        {
            try
            {
                if (In(SettingsOf(domain), 1, check) is { } fault)
                    return fault;
            }
            catch (CheckSkippedException reason)
            {
                skipped.Add(reason.Message);
            }
        }

        return skipped.Count < Enum.GetValues<Domain>().Length ? null : throw new CheckSkippedException(skipped[0]);
    }

    private static IEnumerable<Setting> SettingsOf(Domain domain) => Budgets.Select(budget => new Setting(domain, budget));

    private static string? In(IEnumerable<Setting> settings, int most, Func<Setting, string?> check)
    {
        string refusal = "";
        int asked = 0;
        foreach (Setting setting in settings)
        {
            if (asked == most)
                break;
            try
            {
                if (check(setting) is { } fault)
                    return $"{setting}: {fault}";
                asked++;
            }
            catch (PluginUserException reason)
            {
                refusal = reason.Message;
            }
        }

        return asked > 0 ? null : throw new CheckSkippedException($"it refuses every domain and budget: {refusal}");
    }

    private string? BudgetKept(Setting setting, CancellationToken cancel)
    {
        Tensor input = Input(setting.Domain);
        new PerturbationCheck(use.Plugin.Id, setting.Domain, setting.Budget, setting.Box).Enforce(
            Perturb(setting, cancel),
            input,
            [.. Enumerable.Range(0, Clips).Select(i => $"clip {i}")]
        );
        return null;
    }

    private string? BatchInvariant(Setting setting, CancellationToken cancel)
    {
        if (use.Create<IAttack>() is IFittedAttack)
            throw new CheckSkippedException("it is fitted on all training clips together");
        Tensor together = Perturb(setting, cancel);
        for (int clip = 0; clip < Clips; clip++)
        {
            Tensor alone = Perturb(setting, cancel, Input(setting.Domain)[clip..(clip + 1)], [clip]);
            if (
                Faults.OfDistance(
                    $"clip {clip} alone and in a batch get different perturbations",
                    together[clip..(clip + 1)],
                    alone,
                    Rounding
                ) is
                { } fault
            )
                return fault;
        }

        return null;
    }

    // An attack without a budget, or one that looks for the smallest perturbation, has other aims; one step may overshoot.
    private string? Rises(Setting setting, CancellationToken cancel)
    {
        if (
            setting.Budget is null
            || use.Plugin.MinimisesNorm
            || !use.Plugin.IsIterative
            || use.Plugin.Knowledge == AttackKnowledge.Transfer
        )
            return null;
        Tensor input = Input(setting.Domain);
        using AttackContext judge = Context(setting, input, [.. Enumerable.Range(0, Clips)]);
        double before = judge.Evaluate(input).mean().item<float>(),
            after = judge.Evaluate(Perturb(setting, cancel)).mean().item<float>();
        return after >= before - Rounding ? null : FormattableString.Invariant($"the objective fell from {before:g4} to {after:g4}");
    }

    private string? Silence(Setting setting, CancellationToken cancel)
    {
        Tensor input = zeros_like(Input(setting.Domain));
        return Faults.OfTensor("the perturbed input of silent clips", Perturb(setting, cancel, input), input.shape);
    }

    private string? InputUntouched(Setting setting, CancellationToken cancel)
    {
        Tensor input = Input(setting.Domain),
            before = input.clone();
        Perturb(setting, cancel, input);
        return Faults.OfDistance("it wrote into context.Input", before, input, 0);
    }

    private Tensor Input(Domain domain) =>
        domain == Domain.Features ? SampleClips.Features(Clips, Frames, Bands, device) : SampleClips.Waveforms(Clips, Samples, device);

    private Tensor Perturb(Setting setting, CancellationToken cancel, Tensor? input = null, int[]? clips = null)
    {
        input ??= Input(setting.Domain);
        var attack = use.Create<IAttack>();
        using var disposable = attack as IDisposable;
        if (attack is IFittedAttack fitted)
        {
            using AttackContext training = Context(setting, Input(setting.Domain), [.. Enumerable.Range(0, Clips)]);
            fitted.Fit(training, cancel);
        }

        using AttackContext context = Context(setting, input, clips ?? [.. Enumerable.Range(0, Clips)]);
        return attack.Perturb(context, cancel);
    }

    private AttackContext Context(Setting setting, Tensor input, int[] clips)
    {
        Tensor targets = SampleClips
            .Ratings(Clips, SampleClips.Emotions, device)
            .index_select(0, tensor(clips.Select(c => (long)c).ToArray(), device: device));
        return new AttackContext(SampleNetwork.Predict, input, targets, Objective.Mse, SampleClips.Streams(clips))
        {
            Domain = setting.Domain,
            Budget = setting.Budget,
            Box = setting.Box,
            SampleRate = SampleClips.SampleRate,
            Emotions = SampleClips.Emotions,
            Surrogates = _ => SampleNetwork.Predict,
        };
    }
}
