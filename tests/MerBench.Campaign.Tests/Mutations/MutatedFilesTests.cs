using System.IO.Compression;
using CliWrap.Buffered;
using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Datasets.AudioCsv;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Data;
using MerBench.Host.Distribution;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Weights;
using MerBench.Tests.Data;

namespace MerBench.Tests.Campaign;

/// <summary>Files that people hand in are read or refused in words, whatever was done to them: no crash, no hang, no memory without end,
/// and nothing in them is executed.</summary>
public sealed class MutatedFilesTests
{
    private const int Few = 25,
        Seed = 22;
    private readonly MerBenchTool _tool = new();
    private TemporaryFolder _folder = null!;

    private static string Plugins => Path.Combine(Path.GetDirectoryName(MerBenchTool.Assembly)!, "plugins");

    [OneTimeSetUp]
    public async Task Run()
    {
        _tool.Write(
            "small.yaml",
            """
            name: small
            dataset: { use: cues, with: { clips: 10, seconds: 1 } }
            models: { r: ridge, s: { use: ridge, with: { penalty: 10 } } }
            perturbations: { n: { use: noise, severities: [3] }, f: { use: fgsm, budgets: { linf: [0.1] } } }
            metrics: [mae, rmse]
            """
        );
        await Succeed("verify", "small.yaml", "--accept", "-q");
        await Succeed("plan", "small.yaml", "-o", "plan", "-q");

        async Task Succeed(params string[] arguments)
        {
            BufferedCommandResult result = await _tool.Run(arguments);
            Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        }
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(Few)]
    [TestCase(3000, Category = "Campaign", Explicit = true)]
    public void Benchmarks(int count)
    {
        PluginCatalog catalog = PluginCatalogs.For(null, [Plugins]);
        byte[][] originals = [.. Directory.GetFiles(Path.Combine(Repository.Root, "benchmarks"), "*.yaml").Select(File.ReadAllBytes)];
        new Survival(".yaml", originals, Expand).Check(_folder.Path, count, Seed);

        void Expand(string path) => MatrixExpansion.Expand(BenchmarkReader.Read(path, catalog).DefinitionOrThrow());
    }

    [TestCase(Few)]
    [TestCase(1000, Category = "Campaign", Explicit = true)]
    public void Weights_of_PyTorch(int count)
    {
        string fixtures = Path.Combine(TestContext.CurrentContext.TestDirectory, "weights");
        string trace = _folder.File("executed");
        byte[] hostile = CraftedArchive.Pickle("cposix\nsystem\n(", CraftedArchive.Text($"touch {trace}"), "tR");
        byte[][] originals =
        [
            .. Directory.GetFiles(fixtures, "*.pt").Select(File.ReadAllBytes),
            CraftedArchive.Zip(("hostile/data.pkl", hostile), ("hostile/version", "3\n"u8.ToArray())),
        ];
        new Survival(".pt", originals, path => WeightsFile.Read(path)).Check(_folder.Path, count, Seed);
        Assert.That(File.Exists(trace), Is.False);
    }

    // Damaged before it is packed, as the checksums of an archive would tell.
    [TestCase(Few)]
    [TestCase(1000, Category = "Campaign", Explicit = true)]
    public void Pickles_of_PyTorch(int count)
    {
        string whole = Path.Combine(TestContext.CurrentContext.TestDirectory, "weights", "checkpoint.pt"),
            packed = _folder.File("packed.pt");
        Dictionary<string, byte[]> files = Unpack(whole);
        string pickle = files.Keys.Single(name => name.EndsWith("/data.pkl", StringComparison.Ordinal));
        new Survival(".pkl", [files[pickle]], Read).Check(_folder.Path, count, Seed);

        void Read(string path)
        {
            byte[] damaged = File.ReadAllBytes(path);
            File.WriteAllBytes(packed, CraftedArchive.Zip(files.Select(f => (f.Key, f.Key == pickle ? damaged : f.Value))));
            WeightsFile.Read(packed);
        }
    }

    [TestCase(Few)]
    [TestCase(1000, Category = "Campaign", Explicit = true)]
    public void Weights_in_safetensors(int count)
    {
        string whole = _folder.File("whole.safetensors"),
            fixture = Path.Combine(TestContext.CurrentContext.TestDirectory, "weights", "checkpoint.pt");
        SafetensorsFile.Write(whole, PyTorchStateDict.Read(fixture).Tensors);
        new Survival(".safetensors", [File.ReadAllBytes(whole)], path => WeightsFile.Read(path)).Check(_folder.Path, count, Seed);
    }

    // What is said of a graph before any runtime sees it.
    [TestCase(Few)]
    [TestCase(1000, Category = "Campaign", Explicit = true)]
    public void Graphs_of_ONNX(int count)
    {
        PluginCatalog catalog = PluginCatalogs.For(null, [Plugins]);
        byte[] graph = new CraftedGraph(17, new("Conv", "x w b -> c", ("pads", new long[] { 1, 1 })), new("Clip", "c low -> y"))
            .Weights("w", 4, 3, 3)
            .Weights("b", 4)
            .Floats("low", [], 0)
            .Input("batch", 3, 20)
            .Metadata("sample_rate", "16000")
            .Write();
        new Survival(".onnx", [graph], path => ModelFileReader.Read(path, catalog)).Check(_folder.Path, count, Seed);
    }

    [TestCase("wav", "pcm_s16le", 10)]
    [TestCase("wav", "pcm_s16le", 400, Category = "Campaign", Explicit = true)]
    [TestCase("wav", "pcm_f32le", 300, Category = "Campaign", Explicit = true)]
    [TestCase("flac", "flac", 250, Category = "Campaign", Explicit = true)]
    [TestCase("ogg", "libvorbis", 250, Category = "Campaign", Explicit = true)]
    [TestCase("mp3", "libmp3lame", 300, Category = "Campaign", Explicit = true)]
    public async Task Recordings(string extension, string codec, int count)
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        string whole = _folder.File($"whole.{extension}");
        await CliWrap
            .Cli.Wrap(decoder.Probe().Path)
            .WithArguments(["-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=1", "-c:a", codec, whole])
            .ExecuteAsync();
        new Survival($".{extension}", [File.ReadAllBytes(whole)], Decode).Check(_folder.Path, count, Seed);

        void Decode(string path) => decoder.DecodeAsync(path, 22050, CancellationToken.None).GetAwaiter().GetResult();
    }

    [TestCase(Few)]
    [TestCase(1500, Category = "Campaign", Explicit = true)]
    public void Tables_of_ratings(int count)
    {
        string audio = Directory.CreateDirectory(_folder.File("audio")).FullName;
        var table = new System.Text.StringBuilder("id,valence,energy,artist\r\n");
        for (int i = 0; i < 12; i++)
        {
            File.WriteAllText(Path.Combine(audio, $"clip {i}.wav"), $"{i}");
            table.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"\"clip {i}\",{1 + (i % 9)},{9 - (i % 9)}.5,\"a, b {i / 3}\"\r\n"
            );
        }

        byte[][] originals = [System.Text.Encoding.UTF8.GetBytes(table.Replace("9.5", "8.5").ToString())];
        new Survival(".csv", originals, Load).Check(_folder.Path, count, Seed);

        void Load(string path) =>
            new AudioCsvDataset(
                new AudioCsvOptions(
                    audio,
                    path,
                    ["valence", "energy"],
                    new RatingScale(1, 9),
                    Split: new SplitOptions(Ratio: [0.5, 0, 0.5])
                )
            ).Load(CancellationToken.None);
    }

    [TestCase(Few)]
    [TestCase(500, Category = "Campaign", Explicit = true)]
    public void Snapshots(int count)
    {
        BenchmarkDefinition definition = BenchmarkReader
            .Read(_tool.PathOf("small.yaml"), PluginCatalogs.For(null, [Plugins]))
            .DefinitionOrThrow();
        string whole = _tool.PathOf("small.verified.json");
        Snapshot received = SnapshotFile.Read(whole)!;
        RunResults results = RunFolder.Open(_tool.PathOf("merbench-results/small")).ReadResults();
        new Survival(".json", [File.ReadAllBytes(whole)], Compare).Check(_folder.Path, count, Seed);

        void Compare(string path)
        {
            foreach (
                ConditionComparison condition in SnapshotComparison.Compare(SnapshotFile.Read(path)!, received, results.Cells, definition)
            )
                VerificationText.Explain(condition);
        }
    }

    [TestCase(Few)]
    [TestCase(250, Category = "Campaign", Explicit = true)]
    public void Results_of_runs(int count)
    {
        string run = _tool.PathOf("merbench-results/small");
        foreach (string file in Directory.GetFiles(run))
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        byte[][] originals = [File.ReadAllBytes(Path.Combine(run, RunFolder.ResultsFile))];
        new Survival(".json", originals, Compare) { FileName = "results" }.Check(_folder.Path, count, Seed);

        void Compare(string path) => RunComparison.Compare(RunFolder.Open(run), RunFolder.Open(Path.GetDirectoryName(path)!), [], []);
    }

    [TestCase(Few)]
    [TestCase(250, Category = "Campaign", Explicit = true)]
    public void Plans_of_studies(int count)
    {
        StudyPlan plan = StudyPlan.Read(_tool.PathOf("plan"));
        byte[][] originals = [File.ReadAllBytes(_tool.PathOf($"plan/{StudyPlan.FileName}"))];
        new Survival(".json", originals, Compare) { FileName = Path.GetFileNameWithoutExtension(StudyPlan.FileName) }.Check(
            _folder.Path,
            count,
            Seed
        );

        void Compare(string path)
        {
            StudyPlan read = StudyPlan.Read(Path.GetDirectoryName(path)!);
            read.DescribeDifference(plan);
            ShardPlan.Divide(read, 3);
        }
    }

    private static Dictionary<string, byte[]> Unpack(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        return zip.Entries.ToDictionary(entry => entry.FullName, Content, StringComparer.Ordinal);

        static byte[] Content(ZipArchiveEntry entry)
        {
            using var content = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        }
    }
}
