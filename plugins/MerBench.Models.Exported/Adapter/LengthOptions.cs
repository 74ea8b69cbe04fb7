using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What stands where a clip is shorter than what the module takes.</summary>
public enum ClipFilling
{
    /// <summary>Silence behind it (of features: their mean, which is zero).</summary>
    Pad,

    /// <summary>The clip again.</summary>
    Loop,
}

/// <summary>How much a module takes at once; one of seconds, samples and frames.</summary>
public sealed record LengthOptions(
    [Description("In seconds of a waveform.")] [Range(0.01, 600)] double? Seconds = null,
    [Description("In samples of a waveform, at the module's rate.")] [Range(16, 100_000_000)] int? Samples = null,
    [Description("In frames of features.")] [Range(1, 1_000_000)] int? Frames = null,
    [Description("What stands where a clip is shorter: pad (silence behind it) or loop (the clip again).")]
        ClipFilling Fill = ClipFilling.Pad,
    [Description("How much of a window the next one shares.")] [Range(0, 0.95)] double Overlap = 0
)
{
    /// <summary>What is wrong for a domain; null where nothing is, or the domain is not known yet.</summary>
    internal string? Complaint(Domain? domain)
    {
        int given = new object?[] { Seconds, Samples, Frames }.Count(v => v is not null);
        if (given != 1)
            return "give one of 'seconds', 'samples' and 'frames'";
        if (domain is null)
            return null;
        return (domain == Domain.Features) == Frames is not null
            ? null
            : $"a length of {domain} is given in {(domain == Domain.Features ? "'frames'" : "'seconds' or 'samples'")}";
    }

    /// <summary>In samples at a rate, or frames.</summary>
    internal long Elements(int rate) => Frames ?? Samples ?? (long)Math.Round(Seconds!.Value * rate);
}
