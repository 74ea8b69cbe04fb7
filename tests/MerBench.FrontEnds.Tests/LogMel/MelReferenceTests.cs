using System.Text.Json;
using MerBench.FrontEnds.LogMel;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against librosa's formulas in float64 and against torchaudio, as <c>reference.py</c> beside this file wrote them.</summary>
public sealed class MelReferenceTests
{
    private static readonly JsonElement Reference = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "LogMel", "reference.json")))
        .RootElement;

    private static readonly Dictionary<string, LogMelOptions> Cases = new(StringComparer.Ordinal)
    {
        ["slaney"] = new(22_050, new StftOptions(1024, 512), new MelOptions(40)),
        ["reference-max"] = new(
            22_050,
            new StftOptions(512, 300, 400, Center.Reflect),
            new MelOptions(24, 50, 8000),
            new OutputOptions(Ref: DecibelReference.Max, Amin: 1e-8, TopDb: 60)
        ),
        ["amplitude"] = new(
            16_000,
            new StftOptions(512, 256, Center: Center.None, Power: 1),
            new MelOptions(24, 0, 8000, MelScale.Htk, MelNorm.None),
            new OutputOptions(OutputKind.AmplitudeToDb, TopDb: 0)
        ),
        ["log-z-score"] = new(
            16_000,
            new StftOptions(400, 200, Center: Center.Reflect),
            new MelOptions(24, 20, 7600, MelScale.Htk),
            new OutputOptions(OutputKind.Log, Eps: 1e-4),
            PerClip.ZScore
        ),
        ["min-max"] = new(
            16_000,
            new StftOptions(512, 256, Power: 1),
            new MelOptions(16, 0, 8000, MelScale.Slaney, MelNorm.None),
            new OutputOptions(OutputKind.Linear),
            PerClip.MinMax
        ),
        ["torchaudio-htk"] = new(
            16_000,
            new StftOptions(512, 256, Center: Center.Reflect),
            new MelOptions(32, 0, 8000, MelScale.Htk, MelNorm.None),
            new OutputOptions(TopDb: 0)
        ),
        ["torchaudio-slaney"] = new(16_000, new StftOptions(512, 256, 400, Center.Reflect), new MelOptions(32, 20), new OutputOptions()),
    };

    private static IEnumerable<string> Names => Cases.Keys;

    [Test]
    public void Values_in_float32_are_within_one_in_ten_thousand([ValueSource(nameof(Names))] string name) =>
        Compare(name, ScalarType.Float32, 1e-4);

    [Test]
    public void Values_in_float64_are_as_exact_as_they_are_written([ValueSource(nameof(Names))] string name) =>
        Compare(name, ScalarType.Float64, 3e-5);

    // A clip beside others, and louder than they are, has the values that it has alone.
    private static void Compare(string name, ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new MelSpectrogram(Cases[name]);
        JsonElement expected = Reference.GetProperty("cases").GetProperty(name);
        Tensor clip = tensor(Signal(Reference.GetProperty("samples").GetInt32(), frontEnd.SampleRate), dtype: type);
        Tensor features = frontEnd.Transform(stack([0.01 * clip, clip, 0.5 * clip]))[1];
        Assert.That(features.dtype, Is.EqualTo(type));
        Assert.That(features.shape, Is.EqualTo(expected.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())));
        double[] values = [.. expected.GetProperty("values").EnumerateArray().Select(v => v.GetDouble())];
        Assert.That(features.to(ScalarType.Float64).contiguous().data<double>().ToArray(), Is.EqualTo(values).Within(tolerance));
    }

    // As in reference.py.
    private static double[] Signal(int samples, int rate)
    {
        var signal = new double[samples];
        uint state = 12345;
        for (int i = 0; i < samples; i++)
        {
            state = ((1103515245u * state) + 12345) & 0x7fffffff;
            double time = (double)i / rate;
            double tone = Math.Sin(2 * Math.PI * ((200 * time) + (1000 * time * time)));
            signal[i] = i < samples / 8 ? 0 : (float)((0.1 * ((state / (double)0x40000000) - 1)) + (0.3 * tone));
        }

        return signal;
    }
}
