using System.Text.Json;
using MerBench.Models.Exported.Adapter;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Another sample rate as <c>torchaudio.functional.resample</c> computes it (fixtures/make_exported.py).</summary>
public sealed class ResamplerTests
{
    private static IEnumerable<TestCaseData> Rates() =>
        ExportedFixture
            .Answers()
            .GetProperty("resample")
            .EnumerateArray()
            .Select(r => new TestCaseData(r).SetArgDisplayNames($"{r.GetProperty("from")} to {r.GetProperty("to")}"));

    [TestCaseSource(nameof(Rates))]
    public void Samples_are_torchaudios(JsonElement known)
    {
        using var scope = NewDisposeScope();
        using var resampler = new Resampler(known.GetProperty("from").GetInt32(), known.GetProperty("to").GetInt32());
        Tensor found = resampler.Resample(ExportedFixture.Ramp(1, 460));
        double[] expected = [.. known.GetProperty("samples").EnumerateArray().Select(v => v.GetDouble())];
        Assert.That(resampler.Length(460), Is.EqualTo(expected.Length));
        Assert.That(found.data<float>().Select(v => (double)v), Is.EqualTo(expected).Within(2e-6));
    }

    [Test]
    public void A_gradient_flows_to_every_sample_in_the_format_of_the_input()
    {
        using var scope = NewDisposeScope();
        using var resampler = new Resampler(22_050, 16_000);
        Tensor waveform = rand(2, 2205, dtype: float64).requires_grad_();
        Tensor resampled = resampler.Resample(waveform);
        Assert.That((resampled.shape, resampled.dtype), Is.EqualTo((new long[] { 2, 1600 }, ScalarType.Float64)));
        Tensor gradient = autograd.grad([resampled.square().sum()], [waveform])[0];
        Assert.That(gradient.isfinite().all().item<bool>() && gradient.ne(0).all().item<bool>());
    }
}
