using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.FrontEnds.Madmom;

/// <summary>Options of <see cref="MadmomLog"/>. The defaults are those of Hoedt, Flexer and Widmer (SMC 2025) and give 149 bands.</summary>
/// <param name="SampleRate">Sample rate in Hz.</param>
/// <param name="FrameSize">Samples a frame.</param>
/// <param name="FramesPerSecond">Frames a second.</param>
/// <param name="BandsPerOctave">Filters an octave.</param>
/// <param name="MinimumFrequency">Lowest frequency in Hz.</param>
/// <param name="MaximumFrequency">Highest frequency in Hz.</param>
public sealed record MadmomLogOptions(
    [Description("Sample rate in Hz to which audio is resampled.")] [Range(4000, 192_000)] int SampleRate = 22_050,
    [Description("Samples a frame; even.")] [Range(64, 65_536)] int FrameSize = 2048,
    [Description("Frames a second; need not divide the sample rate.")] [Range(0.1, 1000)] double FramesPerSecond = 31.3,
    [Description("Filters an octave before those that share an FFT bin are merged.")] [Range(1, 96)] int BandsPerOctave = 24,
    [Description("Lowest filter frequency in Hz.")] [Range(1, 96_000)] double MinimumFrequency = 20,
    [Description("Highest filter frequency in Hz.")] [Range(1, 96_000)] double MaximumFrequency = 16_000
);
