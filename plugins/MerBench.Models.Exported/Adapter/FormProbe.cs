using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Finds out in which form a module takes clips, where neither options nor its file say it: it is asked, once.</summary>
internal sealed class FormProbe(IExportedModule module, ModuleOptions options, ModelContext context, IAnswerReader reader)
{
    // What training scripts cut their clips to, in seconds; and the samples of the sample-level networks of Lee et al. 2017.
    private static readonly double[] UsualSeconds = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 29, 30, 60];
    private const int SampleLevel = 59_049;
    private const string Say = "See 'input', 'layout' and 'length', or how the module was exported";

    private readonly FormTrial _trial = new(module, reader, context.InputShape, context.Device);

    /// <summary>The form; the caller disposes its resampler.</summary>
    /// <exception cref="PluginUserException">There is none, or more than one.</exception>
    public ModuleForm Find(Domain domain)
    {
        Resampler? resampler = domain == Domain.Waveform ? ModuleRate.Resampler(module, options, context) : null;
        try
        {
            return Find(domain, resampler);
        }
        catch
        {
            resampler?.Dispose();
            throw;
        }
    }

    private ModuleForm Find(Domain domain, Resampler? resampler)
    {
        int rate = ModuleRate.Find(module, options, context);
        long given = resampler?.Length(context.InputShape[0]) ?? context.InputShape[0];
        if (FindLength(domain, rate) is { } length)
            return Try(domain, resampler, length) ?? throw Refusal(domain);
        if (Try(domain, resampler, null) is { } free)
            return free;
        return (domain == Domain.Waveform ? TryUsual(resampler, given, rate) : null) ?? throw Refusal(domain);
    }

    private ClipWindows? FindLength(Domain domain, int rate)
    {
        LengthOptions standard = options.Length ?? new LengthOptions();
        if (options.Length?.Complaint(domain) is { } wrong)
            throw new PluginUserException($"{module.File}: {wrong}.");
        long? length = options.Length?.Elements(rate) ?? module.Metadata.Length ?? DeclaredLength(domain);
        return length is { } known ? new ClipWindows(known, standard.Fill, standard.Overlap) : null;
    }

    private long? DeclaredLength(Domain domain)
    {
        if (domain == Domain.Waveform)
            return module.DeclaredInput?[^1];
        // Of other features a declared length is required, since an average over windows would be another model.
        InputLayout layout = Layouts(domain).FirstOrDefault();
        return layout.HasWindows() ? module.DeclaredInput?[layout.Axis('T')] : null;
    }

    private ModuleForm? TryUsual(Resampler? resampler, long given, int rate)
    {
        long[] usual = [.. UsualSeconds.Select(s => (long)(s * rate)).Append(SampleLevel).Where(l => l != given).Order()];
        foreach (long shorter in usual.Where(l => l < given).Reverse())
            if (Try(Domain.Waveform, resampler, new ClipWindows(shorter, ClipFilling.Pad, 0)) is { } windows)
                return windows;
        long[] longer = [.. usual.Where(l => l > given)];
        for (int i = 0; i < longer.Length; i++)
        {
            if (Try(Domain.Waveform, resampler, new ClipWindows(longer[i], ClipFilling.Pad, 0)) is not { } filled)
                continue;
            if (i + 1 < longer.Length && Try(Domain.Waveform, resampler, new ClipWindows(longer[i + 1], ClipFilling.Pad, 0)) is not null)
                throw TooShort(given, longer[i], rate);
            return filled;
        }

        return null;
    }

    private ModuleForm? Try(Domain domain, Resampler? resampler, ClipWindows? windows)
    {
        foreach (int clips in (int[])[2, 1])
        foreach (int channels in options.Channels is { } only ? [only] : (int[])[1, 2])
        {
            ModuleForm[] forms =
            [
                .. Layouts(domain)
                    .Where(l => options.Channels is not null || channels == 1 || l.HasChannels())
                    .Select(l => new ModuleForm(l, channels, clips == 1) { Resampler = resampler, Windows = windows }),
            ];
            if (Choose(forms, clips) is { } form)
                return form;
        }

        return null;
    }

    private IEnumerable<InputLayout> Layouts(Domain domain)
    {
        if (options.Layout is { } given)
            return [given];
        if (module.Metadata.Layout is { } said && said.Domain() == domain)
            return [said];
        return InputLayouts.In(domain).Where(l => module.DeclaredInput is { } declared ? Fits(l, declared) : !l.HasWindows());
    }

    private bool Fits(InputLayout layout, IReadOnlyList<long?> declared) =>
        declared.Count == layout.Rank()
        && (layout.Domain() == Domain.Waveform || (declared[layout.Axis('F')] ?? context.InputShape[1]) == context.InputShape[1]);

    private ModuleForm? Choose(ModuleForm[] forms, int clips)
    {
        using var scope = NewDisposeScope();
        (ModuleForm Form, Tensor Answer)[] working =
        [
            .. forms
                .Select(f => (Form: f, Answer: _trial.Answer(f, clips)))
                .Where(f => f.Answer is not null)
                .Select(f => (f.Form, f.Answer!)),
        ];
        if (working.Length == 0)
            return null;
        (ModuleForm first, Tensor answer) = working[0];
        if (working.Skip(1).FirstOrDefault(w => !w.Answer.allclose(answer, rtol: 1e-4, atol: 1e-5)).Form is { } other)
            throw new PluginUserException(
                $"{module.File} answers to {first.Layout.Write(first.Channels)} and to {other.Layout.Write(other.Channels)} alike; say by "
                    + $"'layout' which of them it was trained on."
            );
        return first;
    }

    private PluginUserException TooShort(long given, long enough, int rate) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{module.File} takes no clips of {given / (double)rate:0.##} s, and longer ones such as {enough / (double)rate:0.##} s: "
                    + $"{_trial.NotTaken}. Use longer excerpts, or say by 'length: {{ seconds: {enough / (double)rate:0.##} }}' to what "
                    + $"length they are filled."
            )
        );

    private PluginUserException Refusal(Domain domain)
    {
        if (_trial.NotRead is { } unread)
            return new PluginUserException($"{module.File} {unread.TrimEnd('.')}.");
        string what = domain.ToString().ToLowerInvariant();
        string shape = string.Join(", ", context.InputShape);
        return new PluginUserException($"{module.File} does not take {what} of shape [2, {shape}]: {_trial.NotTaken}. {Hint(domain)}.");
    }

    private string Hint(Domain domain)
    {
        foreach (int clips in (int[])[4, 8, 16, 32])
            if (Layouts(domain).Any(l => Answers(new ModuleForm(l), clips)))
                return $"It takes {clips} clips at a time only, as it was traced; trace it with one clip, or script it";
        if (Together(domain) is { } together)
            return together;
        return domain == Domain.Features && options.Layout is null && DomainProbe.TakesWaveform(module, context.Device)
            ? "It takes waveforms: say 'input: waveform'"
            : Say;
    }

    private string? Together(Domain domain)
    {
        InputLayout layout = Layouts(domain).FirstOrDefault();
        if (!layout.HasWindows())
            return null;
        if (FindLength(domain, ModuleRate.Find(module, options, context)) is not { } windows)
            return "It takes windows of a clip together: say by 'length: { frames: 216 }' how long one is";
        long frames = context.InputShape[0];
        return module.DeclaredInput?[layout.Axis('S')] is { } count && count != windows.Count(frames)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"It takes {count} windows of {windows.Length} frames together, and a clip of {frames} frames has {windows.Count(frames)}: "
                    + $"choose an 'excerpt' of {count * windows.Length} frames"
            )
            : null;
    }

    private bool Answers(ModuleForm form, int clips)
    {
        using var scope = NewDisposeScope();
        return _trial.Answer(form, clips) is not null;
    }
}
