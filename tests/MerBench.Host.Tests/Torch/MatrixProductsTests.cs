using MerBench.Host.Torch;
using TorchSharp;

namespace MerBench.Tests.Native;

[NonParallelizable]
public sealed class MatrixProductsTests
{
    private static (bool, bool) Tf32 => (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);

    [Test]
    public void Products_are_rounded_to_TF32_only_while_an_attack_is_to_compute_in_it()
    {
        (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32) = (true, true);
        TorchBackend.Select(null).Choose("cpu");
        Assert.That(Tf32, Is.EqualTo((false, false)), "once a device is chosen");
        using (MatrixProducts.In(Precision.Tf32))
        {
            Assert.That(Tf32, Is.EqualTo((true, true)));
            using (MatrixProducts.In(Precision.Fp32))
                Assert.That(Tf32, Is.EqualTo((false, false)), "what judges within an attack");
            Assert.That(Tf32, Is.EqualTo((true, true)));
        }

        Assert.That(Tf32, Is.EqualTo((false, false)));
        foreach (Precision other in new[] { Precision.Fp32, Precision.Bf16, Precision.Fp16 })
            using (MatrixProducts.In(other))
                Assert.That(Tf32, Is.EqualTo((false, false)), $"{other}");
    }
}
