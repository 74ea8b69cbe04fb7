using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>One number a clip, shaped to meet all elements of the clip.</summary>
internal static class PerClip
{
    /// <summary><c>[B]</c> to <c>[B, 1, ...]</c>.</summary>
    public static Tensor Column(Tensor values, Tensor like) => values.reshape(ColumnShape(like));

    /// <summary>The shape <c>[B, 1, ...]</c> of as many dimensions as a batch has.</summary>
    public static long[] ColumnShape(Tensor like) => [like.shape[0], .. Enumerable.Repeat(1L, (int)like.dim() - 1)];
}
