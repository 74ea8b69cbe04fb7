namespace MerBench.Host.Hearing;

/// <summary>How large a perturbation of a waveform sounds; what each number is stands in docs/audibility.md.</summary>
/// <param name="LoudnessLufs">Integrated loudness of the clean clip; null for one that is silent.</param>
/// <param name="LoudnessChangeLu">Integrated loudness of the perturbed clip less that of the clean one; null where either is
/// silent.</param>
/// <param name="DifferenceLu">K-weighted level of the perturbation less the clean clip's loudness: negative infinity when the clip was not
/// changed, null where the clean clip is silent.</param>
/// <param name="AudibleShare">Share of time-frequency cells in which the perturbation lies above the clean clip's masking threshold, 0 to
/// 1; null for clips shorter than half a frame, as are the others of masking.</param>
/// <param name="AudibleExcessDb">Mean over these cells of how far it lies above; 0 where there are none.</param>
/// <param name="MaskingExcessDb">How far it lies above in the cell where that is most, negative for below; negative infinity when the clip
/// was not changed.</param>
public sealed record Audibility(
    double? LoudnessLufs,
    double? LoudnessChangeLu,
    double? DifferenceLu,
    double? AudibleShare,
    double? AudibleExcessDb,
    double? MaskingExcessDb
);
