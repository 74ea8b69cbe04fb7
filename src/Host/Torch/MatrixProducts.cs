using TorchSharp;

namespace MerBench.Host.Torch;

/// <summary>
/// Whether GPUs may round the factors of float32 products to TF32. Torch lets convolutions do so unless told otherwise; here nothing does
/// but attacks that are to compute in <see cref="Precision.Tf32"/>.
/// A switch of the process, without effect on CPUs.
/// </summary>
internal static class MatrixProducts
{
    /// <summary>Multiplies as a precision says until it is disposed.</summary>
    public static IDisposable In(Precision precision)
    {
        var before = new Switches(torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);
        Set(precision == Precision.Tf32);
        return before;
    }

    /// <summary>Multiplies in whole float32 from now on.</summary>
    public static void InFull() => Set(allowTf32: false);

    private static void Set(bool allowTf32) =>
        (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32) = (allowTf32, allowTf32);

    private sealed record Switches(bool Products, bool Convolutions) : IDisposable
    {
        public void Dispose() => (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32) = (Products, Convolutions);
    }
}
