using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.FrontEnds.LogMel;

/// <summary>Options of <see cref="MelSpectrogram"/>. The defaults are librosa's: <c>power_to_db(melspectrogram(y))</c>.</summary>
/// <param name="SampleRate">Sample rate in Hz.</param>
/// <param name="Stft">The spectrogram.</param>
/// <param name="Mel">The filters.</param>
/// <param name="Output">What becomes of what the filters give.</param>
/// <param name="PerClip">What is done to each clip by itself.</param>
public sealed record LogMelOptions(
    [Description("Sample rate in Hz to which audio is resampled.")] [Range(4000, 192_000)] int SampleRate = 22_050,
    [Description("The spectrogram; librosa's defaults when left out.")] StftOptions? Stft = null,
    [Description("The filters; librosa's defaults when left out.")] MelOptions? Mel = null,
    [Description("What becomes of what the filters give; decibels below 1, 80 at most below the loudest, when left out.")]
        OutputOptions? Output = null,
    [Description("What is done to each clip by itself: none, z-score (mean 0, deviation 1) or min-max (0 to 1).")]
        PerClip PerClip = PerClip.None
);

/// <summary>The spectrogram, in librosa's words.</summary>
/// <param name="NFft">Samples a frame.</param>
/// <param name="HopLength">Samples between frames.</param>
/// <param name="WinLength">Samples of the window, in the middle of a frame; a frame's when null.</param>
/// <param name="Center">What lies beyond the ends.</param>
/// <param name="Power">1 for magnitudes, 2 for powers.</param>
public sealed record StftOptions(
    [Description("Samples a frame.")] [Range(16, 65_536)] int NFft = 2048,
    [Description("Samples between the beginnings of frames.")] [Range(1, 65_536)] int HopLength = 512,
    [Description("Samples of the periodic Hann window, which lies in the middle of a frame; n-fft when left out.")]
    [Range(2, 65_536)]
        int? WinLength = null,
    [Description(
        "Frames lie about their time, and beyond the ends is silence (constant) or the sound mirrored (reflect, as in torchaudio and old "
            + "versions of librosa); none: the first frame begins with the first sample."
    )]
        Center Center = Center.Constant,
    [Description("1 for magnitudes, 2 for powers.")] [Range(1, 2)] int Power = 2
);

/// <summary>What lies beyond the ends of a clip.</summary>
public enum Center
{
    /// <summary>Silence.</summary>
    Constant,

    /// <summary>The sound mirrored about its first and last sample.</summary>
    Reflect,

    /// <summary>Nothing: no frame reaches there.</summary>
    None,
}

/// <summary>The filters, in librosa's words.</summary>
/// <param name="NMels">How many.</param>
/// <param name="Fmin">Lowest frequency in Hz.</param>
/// <param name="Fmax">Highest frequency in Hz; half the sample rate when null.</param>
/// <param name="Scale">On which they are equally wide.</param>
/// <param name="Norm">How they are scaled.</param>
public sealed record MelOptions(
    [Description("How many filters.")] [Range(1, 1024)] int NMels = 128,
    [Description("Lowest frequency in Hz.")] [Range(0, 96_000)] double Fmin = 0,
    [Description("Highest frequency in Hz; half the sample rate when left out.")] [Range(1, 96_000)] double? Fmax = null,
    [Description("The Mel scale: slaney (librosa's default) or htk (torchaudio's).")] MelScale Scale = MelScale.Slaney,
    [Description("slaney: each filter has the same area (librosa's default); none: each has a peak of 1 (torchaudio's).")]
        MelNorm Norm = MelNorm.Slaney
);

/// <summary>A scale of pitch.</summary>
public enum MelScale
{
    /// <summary>That of Slaney's Auditory Toolbox: linear below 1000 Hz, logarithmic above.</summary>
    Slaney,

    /// <summary>That of HTK: <c>2595 log10(1 + f / 700)</c>.</summary>
    Htk,
}

/// <summary>How filters are scaled.</summary>
public enum MelNorm
{
    /// <summary>By 2 over their width in Hz.</summary>
    Slaney,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>What becomes of what the filters give.</summary>
/// <param name="As">The function.</param>
/// <param name="Ref">What decibels are relative to.</param>
/// <param name="Amin">The least value that decibels are taken of; librosa's when null.</param>
/// <param name="TopDb">The range of decibels below the loudest value of a clip; 0 for no limit.</param>
/// <param name="Eps">What is added before the natural logarithm.</param>
public sealed record OutputOptions(
    [Description(
        "power-to-db (10 log10), amplitude-to-db (20 log10, for 'power: 1'), log (the natural logarithm of x + eps) or linear (x itself)."
    )]
        OutputKind As = OutputKind.PowerToDb,
    [Description("Decibels are relative to one, or to max, the clip's largest value.")] DecibelReference Ref = DecibelReference.One,
    [Description("The least value that decibels are taken of; 1e-10 for power-to-db and 1e-5 for amplitude-to-db when left out.")]
    [Range(1e-30, 1)]
        double? Amin = null,
    [Description("Decibels further below the clip's largest are raised to that; 0 for no limit.")] [Range(0, 1000)] double TopDb = 80,
    [Description("For log: what is added first.")] [Range(1e-30, 1e6)] double Eps = 1e-6
);

/// <summary>A function of energies.</summary>
public enum OutputKind
{
    /// <summary><c>10 log10 max(x, amin)</c>.</summary>
    PowerToDb,

    /// <summary><c>20 log10 max(x, amin)</c>.</summary>
    AmplitudeToDb,

    /// <summary><c>ln (x + eps)</c>.</summary>
    Log,

    /// <summary>The energies themselves.</summary>
    Linear,
}

/// <summary>What decibels are relative to.</summary>
public enum DecibelReference
{
    /// <summary>To 1.</summary>
    One,

    /// <summary>To the clip's largest value.</summary>
    Max,
}

/// <summary>What is done to each clip by itself.</summary>
public enum PerClip
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its mean becomes 0 and its standard deviation 1.</summary>
    ZScore,

    /// <summary>Its least value becomes 0 and its largest 1.</summary>
    MinMax,
}
