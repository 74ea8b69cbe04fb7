using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How far <see cref="PitchShift"/> goes.</summary>
public sealed record PitchShiftOptions(
    [Description("Semitones (-24..24) of severity 1, 2, ... up to 5; above 0 is higher. Default: 0.5, 1, 2, 4, 7.")]
    [Length(1, 5)]
        double[]? Semitones = null
);

/// <summary>
/// Another pitch at the same tempo: stretched to <c>r = 2^(semitones/12)</c> times the length (WSOLA), then played r times as fast.
/// Formants move along.
/// Pitch moves felt emotion, so labels may no longer hold.
/// </summary>
/// <param name="options">How far.</param>
/// <exception cref="PluginUserException">An interval is out of range.</exception>
[Corruption("pitch-shift", Summary = "Another pitch at the same tempo", Source = "Verhelst and Roelands 1993", LabelPreserving = false)]
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
public sealed class PitchShift(PitchShiftOptions options) : WaveformCorruption
{
    private readonly SeverityScale _semitones = new("pitch-shift", "semitones", options.Semitones, [0.5, 1, 2, 4, 7], -24, 24);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        double ratio = Math.Pow(2, _semitones.At(context.Severity) / 12);
        return ClipLength.Keep(Playback.At(Wsola.Stretch(clip, 1 / ratio, context.SampleRate), ratio), clip.Length);
    }
}
