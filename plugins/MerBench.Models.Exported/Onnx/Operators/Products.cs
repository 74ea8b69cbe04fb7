using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Products of matrices.</summary>
internal static class Products
{
    public static OperatorFamily Family { get; } =
        new()
        {
            { "MatMul", c => matmul(c[0], c[1]) },
            { "Gemm", Gemm },
            { "Einsum", c => einsum(c.Text("equation", ""), [.. c.All]) },
        };

    private static Tensor Gemm(OnnxCall call)
    {
        Tensor a = call.Is("transA") ? call[0].t() : call[0];
        Tensor b = call.Is("transB") ? call[1].t() : call[1];
        (float alpha, float beta) = (call.Float("alpha", 1), call.Float("beta", 1));
        Tensor product = a.matmul(b);
        if (alpha != 1)
            product = product.mul(alpha);
        if (call.Optional(2) is not { } c)
            return product;
        return product.add(beta == 1 ? c : c.mul(beta));
    }
}
