using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Answers for each moment, <c>[B, T, E]</c>: they are read as if each moment were a clip.</summary>
internal static class AnswersOverTime
{
    private const int Dimensions = 3;

    /// <summary>How many moments the outputs answer for; null where they answer for clips as wholes.</summary>
    /// <param name="labels">How many emotions there are; of one alone, <c>[B, T, 1]</c> is over time.</param>
    public static long? CountMoments(Tensor output, long clips, int labels) =>
        output.dim() == Dimensions && output.shape[0] == clips && output.shape[1] > 1 && (output.shape[2] > 1 || labels == 1)
            ? output.shape[1]
            : null;

    /// <summary>Moments as clips, of those outputs that answer for each of them.</summary>
    public static NamedOutputs Flatten(NamedOutputs outputs, long clips, long moments) =>
        outputs with
        {
            Tensors =
            [
                .. outputs.Tensors.Select(t => t.dim() == Dimensions && t.shape[0] == clips && t.shape[1] == moments ? t.flatten(0, 1) : t),
            ],
        };

    /// <summary>Answers of windows, those of a clip in a row, as answers of clips.</summary>
    /// <param name="windowsTile">Whether the windows of a clip follow each other without overlap and end with it.</param>
    public static Tensor Join(Tensor ofWindows, long clips, bool windowsTile)
    {
        Tensor windows = ofWindows.unflatten(0, [clips, -1]);
        if (ofWindows.dim() < Dimensions)
            return windows.mean([1]);
        return windowsTile ? windows.flatten(1, 2) : windows.mean([1, 2]);
    }
}
