using System.ComponentModel.DataAnnotations;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Plugins;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace MerBench.Host.Tests.Benchmarks;

public enum Head
{
    Direct,
    BottleneckWide,
}

public sealed record NetOptions(
    [System.ComponentModel.Description("The last layers.")] Head Head = Head.Direct,
    [Range(0.1, 4)] double Width = 1
);

public sealed class Net(NetOptions options) : ITrainableModel
{
    public NetOptions Options { get; } = options;
    public Domain Input => Domain.Features;
    public IEnumerable<Parameter> Parameters => [];
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(StringComparer.Ordinal);

    public void Build(ModelContext context) => throw new NotSupportedException();

    public ModelOutput Forward(Tensor input) => throw new NotSupportedException();

    public void SetTraining(bool training) => throw new NotSupportedException();

    public void Dispose() { }
}

public sealed record ListenerOptions(Domain Input = Domain.Features);

public sealed class Listener(ListenerOptions options) : IModel
{
    public Domain Input => options.Input;
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(StringComparer.Ordinal);

    public void Build(ModelContext context) => throw new NotSupportedException();

    public ModelOutput Forward(Tensor input) => throw new NotSupportedException();

    public void SetTraining(bool training) => throw new NotSupportedException();

    public void Dispose() { }
}

public sealed class ClosedForm : IFittableModel
{
    public Domain Input => Domain.Features;
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(StringComparer.Ordinal);

    public void Build(ModelContext context) => throw new NotSupportedException();

    public void Fit(LabelledClips training, LabelledClips validation, CancellationToken cancel) => throw new NotSupportedException();

    public ModelOutput Forward(Tensor input) => throw new NotSupportedException();

    public void SetTraining(bool training) => throw new NotSupportedException();

    public void Dispose() { }
}

public sealed record StepOptions([Range(1, 100_000)] int Steps = 40, double StepSize = 0.25, [Range(1, 100)] int Restarts = 1);

public sealed class Steps(StepOptions options) : IAttack
{
    public StepOptions Options { get; } = options;

    public Tensor Perturb(AttackContext context, CancellationToken cancel) => throw new NotSupportedException();
}

public sealed record CodecOptions([AllowedValues("mp3", "ogg")] string Format);

public sealed class Codec(CodecOptions options) : ICorruption
{
    public CodecOptions Options { get; } = options;
    public IReadOnlyList<Domain> Domains => [Domain.Waveform];

    public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) => throw new NotSupportedException();
}

public sealed class BandNoise : ICorruption
{
    public IReadOnlyList<Domain> Domains => [Domain.Features];

    public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) => throw new NotSupportedException();
}

public sealed record TracksOptions([DirectoryPath] string? Root = null, [FilePath] string? Ratings = null, int Clips = 60);

public sealed class Tracks(TracksOptions options) : IDataset
{
    public TracksOptions Options { get; } = options;

    public DatasetContent Load(CancellationToken cancel) => throw new NotSupportedException();
}

public sealed class Spectrogram : IFrontEnd
{
    public int SampleRate => 22050;

    public float[] Condition(ReadOnlySpan<short> pcm) => throw new NotSupportedException();

    public Tensor Transform(Tensor waveform) => throw new NotSupportedException();
}

public sealed class OtherSpectrogram : IFrontEnd
{
    public int SampleRate => 16_000;

    public float[] Condition(ReadOnlySpan<short> pcm) => throw new NotSupportedException();

    public Tensor Transform(Tensor waveform) => throw new NotSupportedException();
}

public sealed record BorrowOptions([ModelName] string From);

public sealed class Borrow(BorrowOptions options) : IAttack
{
    public BorrowOptions Options { get; } = options;

    public Tensor Perturb(AttackContext context, CancellationToken cancel) => throw new NotSupportedException();
}

public sealed class Measure : IMetric
{
    public bool HigherIsBetter => false;

    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted) => 0;
}

internal static class Fixtures
{
    public static PluginCatalog Catalog { get; } = Make(typeof(Fixtures).Assembly.Location);

    /// <summary>A catalogue whose plugins lie in one assembly file, which keys hash.</summary>
    public static PluginCatalog Make(string assembly)
    {
        PluginDescriptor Ready<T>(PluginKind kind, string id, Type? options = null) =>
            new(kind, id, $"The {id}.", "", assembly, PluginState.Ready) { Type = typeof(T), OptionsType = options };
        return new PluginCatalog([
            Ready<Tracks>(PluginKind.Dataset, "soundtracks", typeof(TracksOptions)),
            Ready<Tracks>(PluginKind.Dataset, "cues", typeof(TracksOptions)),
            Ready<Spectrogram>(PluginKind.FrontEnd, "madmom-log"),
            Ready<Spectrogram>(PluginKind.FrontEnd, "mel"),
            Ready<OtherSpectrogram>(PluginKind.FrontEnd, "mel-16k"),
            Ready<Net>(PluginKind.Model, "vgg", typeof(NetOptions)),
            Ready<ClosedForm>(PluginKind.Model, "ridge"),
            Ready<Listener>(PluginKind.Model, "listener", typeof(ListenerOptions)),
            Ready<Steps>(PluginKind.Attack, "pgd", typeof(StepOptions)),
            Ready<Steps>(PluginKind.Attack, "adam-sign", typeof(StepOptions)),
            Ready<Borrow>(PluginKind.Attack, "borrow", typeof(BorrowOptions)),
            Ready<Steps>(PluginKind.Attack, "both"),
            Ready<BandNoise>(PluginKind.Corruption, "both"),
            Ready<Codec>(PluginKind.Corruption, "codec", typeof(CodecOptions)),
            Ready<BandNoise>(PluginKind.Corruption, "noise"),
            .. new[] { "mae", "rmse", "pearson", "ccc", "r2" }.Select(id => Ready<Measure>(PluginKind.Metric, id)),
            new PluginDescriptor(
                PluginKind.Attack,
                "old-pgd",
                "",
                "",
                assembly,
                PluginState.NeedsAnotherContract,
                "built against contract 2.0, host has 1.0."
            ),
        ]);
    }

    public static BenchmarkReading Read(string yaml, string path = "/bench/b.yaml", params (string Name, string Value)[] variables) =>
        BenchmarkReader.Parse(yaml, path, Catalog, name => variables.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault());

    /// <summary>The problems of a text, one a line, without the file's name.</summary>
    public static string[] ProblemsOf(string yaml, string path = "/bench/b.yaml") =>
        [.. Read(yaml, path).Problems.Select(p => p.ToString()[(path.Length + 1)..])];
}
