using MerBench.Models.Exported.Onnx.File;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>All operators that have a translation. Source: Operators.md of github.com/onnx/onnx, opsets 11 to 20.</summary>
internal static class OperatorRegistry
{
    private static readonly OperatorFamily[] Families =
    [
        Elementwise.Family, // Abs Neg Exp Log Sqrt Reciprocal Floor Ceil Round Sign Sin Cos Tan Asin Acos Atan Sinh Cosh ... Erf Not IsNaN
        Activations.Family, // Relu LeakyRelu PRelu Elu Selu Celu Gelu Mish Sigmoid HardSigmoid HardSwish Softplus Softsign Tanh Softmax ...
        Arithmetic.Family, // Add Sub Mul Div Pow Mod Max Min Mean Sum Equal Greater Less ... And Or Xor Where
        Products.Family, // MatMul Gemm Einsum
        Convolutions.Family, // Conv ConvTranspose
        Pools.Family, // MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool
        Normalisations.Family, // BatchNormalization InstanceNormalization GroupNormalization LayerNormalization LpNormalization ...
        Recurrent.Family, // GRU LSTM RNN
        Reductions.Family, // ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSumExp ... ArgMax ArgMin CumSum
        Shapes.Family, // Shape Size Reshape Flatten Squeeze Unsqueeze Transpose Expand Tile Identity Dropout Cast
        Pieces.Family, // Concat Split Slice Gather GatherElements GatherND ScatterND Trilu DepthToSpace Pad
        Makers.Family, // Constant ConstantOfShape Range EyeLike OneHot HannWindow HammingWindow BlackmanWindow
        Spectra.Family, // DFT STFT MelWeightMatrix
        Resizing.Family, // Resize
    ];

    private static readonly Dictionary<string, OnnxOperator> All = Families
        .SelectMany(f => f)
        .ToDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal);

    /// <summary>The names of all.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>Why a node cannot be translated; null where it can.</summary>
    public static string? Complaint(OnnxNode node)
    {
        if (!node.IsStandard)
            return "it is no operator of the standard";
        return All.TryGetValue(node.Operator, out OnnxOperator? found) ? found.Limit(node) : "it has no translation";
    }

    /// <exception cref="UnsupportedOnnxException">There is none.</exception>
    public static OnnxOperator Find(OnnxNode node) =>
        Complaint(node) is { } complaint ? throw new UnsupportedOnnxException(node, complaint) : All[node.Operator];
}
