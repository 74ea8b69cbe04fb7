using System.Runtime.Intrinsics.X86;
using BenchmarkDotNet.Attributes;
using MerBench.FrontEnds.Madmom;
using MerBench.Host.Torch;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>The pieces of an attack at full size, a clip: front end, prediction, gradient to the input, in the model's own form and in the
/// one for attacks.</summary>
public class PieceBenchmarks
{
    private VggModel _model = null!;
    private IFrozenModel _fp32 = null!;
    private IFrozenModel? _bf16;
    private AttackContext _plain = null!,
        _fast = null!;
    private AttackContext? _half;
    private MadmomLog _frontEnd = null!;
    private Tensor _waveform = null!;

    [GlobalSetup]
    public void Prepare()
    {
        TorchBackend.Select(null).EnsureLoaded();
        _model = PaperNetwork.Create();
        PaperNetwork.Freeze(_model);
        (_fp32, _bf16) = (_model.Freeze(Precision.Fp32), Avx512F.IsSupported ? _model.Freeze(Precision.Bf16) : null);
        (_plain, _fast) = (PaperNetwork.Context(_model.Forward, 1), PaperNetwork.Context(_fp32.Forward, 1));
        _half = _bf16 is null ? null : PaperNetwork.Context(_bf16.Forward, 1);
        _frontEnd = new MadmomLog(new MadmomLogOptions());
        _waveform = randn(1, 10 * _frontEnd.SampleRate) * 0.1;
    }

    [Benchmark(Description = "front end, 10 s")]
    public void FrontEnd() => Within(() => _frontEnd.Transform(_waveform));

    [Benchmark(Description = "prediction")]
    public void Predict() => Within(() => _plain.Forward(_plain.Input));

    [Benchmark(Description = "prediction, attack form")]
    public void PredictFast() => Within(() => _fast.Forward(_fast.Input));

    [Benchmark(Description = "gradient to the input", Baseline = true)]
    public void Gradient() => Within(() => _plain.Differentiate(_plain.Input));

    [Benchmark(Description = "gradient to the input, attack form")]
    public void GradientFast() => Within(() => _fast.Differentiate(_fast.Input));

    [Benchmark(Description = "gradient to the input, attack form in bf16")]
    public void GradientHalf() =>
        Within(() => _half?.Differentiate(_half.Input) ?? throw new NotSupportedException("This processor has no AVX-512."));

    [Benchmark(Description = "folding")]
    public void Fold() => _model.Freeze(Precision.Fp32).Dispose();

    private static void Within(Func<object> work)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        work();
    }
}
