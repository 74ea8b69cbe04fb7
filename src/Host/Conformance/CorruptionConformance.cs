using MerBench.Host.Cells;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>The promises of <see cref="ICorruption"/>, in every domain that it names; shapes and change at every severity, the others at
/// the middle one.</summary>
internal sealed class CorruptionConformance(PluginUse use, Device device)
{
    private const int Clips = 3;
    private const double Rounding = 1e-5;

    public IEnumerable<(string Name, Func<CancellationToken, string?> Check)> Checks() =>
        [
            ("domains", _ => use.Create<ICorruption>().Domains is { Count: > 0 } ? null : "Domains is empty, so it can be used nowhere"),
            (
                "shapes",
                token =>
                    InEach(
                        (domain, severity) => Faults.OfTensor("the corrupted input", Corrupt(domain, severity, token), Input(domain).shape)
                    )
            ),
            (
                "changes-something",
                token =>
                    InEach(
                        (domain, severity) =>
                            (Corrupt(domain, severity, token) - Input(domain)).abs().max().item<float>() > 0 ? null : "it changes nothing"
                    )
            ),
            (
                "same-seed-same-result",
                token =>
                    AtMiddle(
                        (domain, severity) =>
                            Faults.OfDistance(
                                "two runs with the same random streams differ",
                                Corrupt(domain, severity, token),
                                Corrupt(domain, severity, token),
                                0
                            )
                    )
            ),
            ("batch-invariant", token => AtMiddle((domain, severity) => BatchInvariant(domain, severity, token))),
            (
                "silence",
                token =>
                    AtMiddle(
                        (domain, severity) =>
                            Faults.OfTensor(
                                "the corrupted input of silent clips",
                                Corrupt(domain, severity, token, zeros_like(Input(domain))),
                                Input(domain).shape
                            )
                    )
            ),
            ("input-untouched", token => AtMiddle((domain, severity) => InputUntouched(domain, severity, token))),
            ("cancellation", _ => AtMiddle((domain, severity) => Faults.OfCancellation(cancelled => Corrupt(domain, severity, cancelled)))),
            ("tensors-freed", token => AtMiddle((domain, severity) => Faults.OfLeak(() => Corrupt(domain, severity, token)))),
        ];

    private string? InEach(Func<Domain, int, string?> check) => At([1, 2, 3, 4, 5], check);

    private string? AtMiddle(Func<Domain, int, string?> check) => At([3], check);

    private string? At(int[] severities, Func<Domain, int, string?> check)
    {
        try
        {
            foreach (Domain domain in use.Create<ICorruption>().Domains)
            foreach (int severity in severities)
                if (check(domain, severity) is { } fault)
                    return FormattableString.Invariant($"{domain.ToString().ToLowerInvariant()}, severity {severity}: {fault}");
        }
        catch (Exception missing) when (missing is PluginUserException or UserErrorException { Kind: ErrorKind.Environment })
        {
            throw new CheckSkippedException(GuestText.Message(GuestText.ReadMessage(missing).ReplaceLineEndings(" ")));
        }

        return null;
    }

    private string? BatchInvariant(Domain domain, int severity, CancellationToken cancel)
    {
        Tensor together = Corrupt(domain, severity, cancel);
        for (int clip = 0; clip < Clips; clip++)
        {
            Tensor alone = Corrupt(domain, severity, cancel, Input(domain)[clip..(clip + 1)], [clip]);
            if (
                Faults.OfDistance(
                    $"clip {clip} alone and in a batch are corrupted differently",
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

    private string? InputUntouched(Domain domain, int severity, CancellationToken cancel)
    {
        Tensor input = Input(domain),
            before = input.clone();
        Corrupt(domain, severity, cancel, input);
        return Faults.OfDistance("it wrote into context.Input", before, input, 0);
    }

    private Tensor Input(Domain domain) =>
        domain == Domain.Features
            ? SampleClips.Features(Clips, device: device)
            : SampleClips.Waveforms(Clips, 2 * SampleClips.SampleRate, device);

    private Tensor Corrupt(Domain domain, int severity, CancellationToken cancel, Tensor? input = null, int[]? clips = null) =>
        use.Create<ICorruption>()
            .Corrupt(
                new CorruptionContext(
                    input ?? Input(domain),
                    domain,
                    severity,
                    SampleClips.SampleRate,
                    SampleClips.Streams(clips ?? [.. Enumerable.Range(0, Clips)]),
                    AttackedModel.BoxOf(domain)
                )
                {
                    FindFfmpeg = () => FfmpegLocation.Find(Environment.GetEnvironmentVariable),
                },
                cancel
            );
}
