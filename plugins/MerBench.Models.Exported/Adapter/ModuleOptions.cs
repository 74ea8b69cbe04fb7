using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What a module takes. What is left out is read from the file or found by asking the module.</summary>
public abstract record ModuleOptions : IValidatableObject
{
    /// <summary>What it reads.</summary>
    [Description("What it reads: waveform, or features (standardised). Left out: as the file says, or by trying.")]
    public Domain? Input { get; init; }

    /// <summary>The order of its input.</summary>
    [Description(
        "How it takes them: bn [B, N], bcn [B, C, N]; btf [B, T, F], bft, bctf [B, C, T, F], bcft; bsctf "
            + "[B, S, C, T, F] with S windows of a clip together, bscft. Left out: found by trying."
    )]
    public InputLayout? Layout { get; init; }

    /// <summary>Channels of its input.</summary>
    [Description("Channels of a layout that has some; each is a copy of the clip. Left out: found by trying.")]
    [Range(1, 2)]
    public int? Channels { get; init; }

    /// <summary>The rate of its waveforms.</summary>
    [Description("The rate of the waveforms that it reads, in Hz; clips are resampled. Left out: as the file says, else the benchmark's.")]
    [Range(1000, 384_000)]
    public int? SampleRate { get; init; }

    /// <summary>How much it takes at once.</summary>
    [Description("How much it takes at once; longer clips are cut into windows whose answers are averaged, shorter ones are filled.")]
    public LengthOptions? Length { get; init; }

    /// <summary>Which output counts.</summary>
    [Description("Of several outputs, the one that counts: its name, or its number from 0. Left out: the first.")]
    public string? Output { get; init; }

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Input is { } domain && Layout is { } layout && layout.Domain() != domain)
            yield return Complain($"layout '{layout}' is one of {layout.Domain()}, and the input is {domain}", nameof(Layout));
        if (Channels is > 1 && Layout is { } without && !without.HasChannels())
            yield return Complain($"layout '{without}' has no channels; use bcn, bctf, bcft, bsctf or bscft", nameof(Channels));
        if (SampleRate is not null && (Input ?? Layout?.Domain()) == Domain.Features)
            yield return Complain("features come from the front end, which has a rate of its own", nameof(SampleRate));
        if (Length?.Complaint(Input ?? Layout?.Domain()) is { } wrong)
            yield return Complain(wrong, nameof(Length));
    }

    // Enumerations are written in small letters in YAML.
    private static ValidationResult Complain(string text, string key) => new(text.ToLowerInvariant(), [key]);
}
