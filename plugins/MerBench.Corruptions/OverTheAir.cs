using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>Which rooms <see cref="OverTheAir"/> plays clips in.</summary>
public sealed record OverTheAirOptions(
    [Description(
        "Folder of impulse responses, WAV of any rate, instead of computed rooms; a sub-folder is one room. They are put in order by how "
            + "reverberant they are, each severity is a fifth of them, and attacks are crafted in other rooms than they are judged in."
    )]
    [DirectoryPath(Files = "*.wav")]
        string? Rooms = null,
    [Description("Length of computed rooms in metres (2..60) of severity 1, 2, ... up to 5. Default: 3, 4, 6, 10, 18.")]
    [Length(1, 5)]
        double[]? Length = null,
    [Description("Share of energy (0.05..0.95) that their walls absorb. Default: 0.6, 0.45, 0.3, 0.22, 0.15.")]
    [Length(1, 5)]
        double[]? Absorption = null,
    [Description("From source to microphone in metres (0.1..40). Default: 0.5, 1, 1.5, 3, 6.")] [Length(1, 5)] double[]? Distance = null
) : IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Rooms is not null && (Length ?? Absorption ?? Distance) is not null)
            yield return new ValidationResult("'rooms' has recorded rooms, and 'length', 'absorption' and 'distance' are of computed ones");
    }
}

/// <summary>
/// A clip played by a loudspeaker in a room and recorded there: convolved with the room's impulse response. Rooms are shoeboxes by the
/// image-source method, drawn around what a severity says, or recorded ones. It is linear, and gradients go through exactly. The direct
/// sound stays where it was, the response has energy 1, and what rings on after the clip's end is cut.
/// </summary>
[Corruption(
    "over-the-air",
    Summary = "Played in a room and recorded there: shoebox rooms by the image-source method, or your impulse responses",
    Source = "Allen and Berkley 1979; Peterson 1986"
)]
[Reference(
    """
        @article{allen1979,
          author  = {Allen, Jont B. and Berkley, David A.},
          title   = {Image Method for Efficiently Simulating Small-Room Acoustics},
          journal = {Journal of the Acoustical Society of America},
          volume  = {65},
          number  = {4},
          pages   = {943--950},
          year    = {1979},
          doi     = {10.1121/1.382599},
        }
        """
)]
[Reference(
    """
        @article{peterson1986,
          author  = {Peterson, Patrick M.},
          title   = {Simulating the Response of Multiple Microphones to a Single Acoustic Source in a Reverberant Room},
          journal = {Journal of the Acoustical Society of America},
          volume  = {80},
          number  = {5},
          pages   = {1527--1529},
          year    = {1986},
          doi     = {10.1121/1.394357},
        }
        """
)]
public sealed class OverTheAir : DifferentiableCorruption
{
    // Expectations ask for the same rooms in each step of an attack.
    private const int MostRemembered = 256;
    private readonly ConcurrentDictionary<(ulong Choice, int Severity, int SampleRate, CorruptionPurpose), RoomResponse> _remembered =
        new();
    private readonly IRooms _rooms;

    /// <summary>Creates the corruption.</summary>
    /// <param name="options">Which rooms.</param>
    /// <exception cref="PluginUserException">A value is out of range, or a file of the folder is no impulse response.</exception>
    public OverTheAir(OverTheAirOptions options) =>
        _rooms = options.Rooms is { } folder
            ? new RecordedRooms(folder)
            : new ShoeboxRooms(
                new SeverityScale("over-the-air", "length", options.Length, [3, 4, 6, 10, 18], 2, 60),
                new SeverityScale("over-the-air", "absorption", options.Absorption, [0.6, 0.45, 0.3, 0.22, 0.15], 0.05, 0.95),
                new SeverityScale("over-the-air", "distance", options.Distance, [0.5, 1, 1.5, 3, 6], 0.1, 40)
            );

    /// <inheritdoc/>
    public override IReadOnlyList<Domain> Domains { get; } = [Domain.Waveform];

    /// <inheritdoc/>
    public override bool IsExact => true;

    /// <inheritdoc/>
    public override Tensor Approach(CorruptionContext context)
    {
        using var scope = NewDisposeScope();
        Tensor[] heard = [.. context.Random.Select((random, i) => Find(context, random).Convolve(context.Input[i]))];
        return stack(heard).MoveToOuterDisposeScope();
    }

    // A stream's next number says which all that follow are.
    private RoomResponse Find(CorruptionContext context, RandomStream random)
    {
        var key = (random.NextBits(), context.Severity, context.SampleRate, context.Purpose);
        if (_remembered.TryGetValue(key, out RoomResponse? known))
            return known;
        if (_remembered.Count >= MostRemembered)
            _remembered.Clear();
        return _remembered[key] = _rooms.Choose(context, random);
    }
}
