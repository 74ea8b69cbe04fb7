using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How far <see cref="TimeStretch"/> changes the tempo.</summary>
public sealed record TimeStretchOptions(
    [Description("Tempo over the clip's (0.25..4) of severity 1, 2, ... up to 5; below 1 is slower. Default: 0.95, 0.9, 0.8, 0.7, 0.6.")]
    [Length(1, 5)]
        double[]? Tempo = null
);

/// <summary>
/// Another tempo at the same pitch (WSOLA; Verhelst and Roelands 1993). The length stays the clip's: slower music is cut at the end, faster
/// music starts
/// over. Tempo moves felt emotion, so labels may no longer hold.
/// </summary>
/// <param name="options">How far.</param>
/// <exception cref="PluginUserException">A tempo is out of range.</exception>
[Corruption("time-stretch", Summary = "Another tempo at the same pitch", Source = "Verhelst and Roelands 1993", LabelPreserving = false)]
[Reference(
    """
        @inproceedings{verhelst1993,
          author    = {Verhelst, Werner and Roelands, Marc},
          title     = {An Overlap-add Technique Based on Waveform Similarity ({WSOLA}) for High Quality Time-scale Modification of Speech},
          booktitle = {IEEE International Conference on Acoustics, Speech, and Signal Processing (ICASSP)},
          year      = {1993},
          pages     = {554--557},
          doi       = {10.1109/ICASSP.1993.319366},
        }
        """
)]
public sealed class TimeStretch(TimeStretchOptions options) : WaveformCorruption
{
    private readonly SeverityScale _tempo = new("time-stretch", "tempo", options.Tempo, [0.95, 0.9, 0.8, 0.7, 0.6], 0.25, 4);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel) =>
        ClipLength.Keep(Wsola.Stretch(clip, _tempo.At(context.Severity), context.SampleRate), clip.Length);
}
