using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A run as one file: what is in it, that it is an RO-Crate, that verbs open it, and that they refuse what only looks like
/// one.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ArchiveTests
{
    private const string Benchmark = """
        name: bench
        about: { by: "Ada: \"L\"", link: https://example.org/paper }
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models: { ridge: ridge }
        perturbations:
          noise: { use: noise, severities: [3] }
          pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.01] } }
        """;

    private readonly MerBenchTool _tool = new(report: true);

    private string Run => _tool.PathOf("merbench-results/bench");

    private string Archive => _tool.PathOf("bench.zip");

    [OneTimeSetUp]
    public async Task Pack()
    {
        _tool.Write("bench.yaml", Benchmark);
        await Do("run", "bench.yaml", "-q");
        await Do("archive", Run);
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task The_same_run_makes_the_same_bytes()
    {
        await Do("archive", Run, "-o", "again.zip");
        Assert.That(File.ReadAllBytes(_tool.PathOf("again.zip")), Is.EqualTo(File.ReadAllBytes(Archive)));
        await Do("archive", Run, "-o", "licensed.zip", "--license", "CC-BY-4.0");
        Assert.That(File.ReadAllBytes(_tool.PathOf("licensed.zip")), Is.Not.EqualTo(File.ReadAllBytes(Archive)));
    }

    [Test]
    public void It_holds_what_others_need_and_no_sound()
    {
        using ZipArchive archive = ZipFile.OpenRead(Archive);
        string[] names = [.. archive.Entries.Select(e => e.FullName)];
        Assert.That(
            names,
            Is.SupersetOf(
                new[]
                {
                    "ro-crate-metadata.json",
                    "README.md",
                    "CITATION.cff",
                    "references.bib",
                    "provenance.json",
                    "benchmark.yaml",
                    "manifest.json",
                    "results.json",
                    "results.md",
                    "report.html",
                    "cells.parquet",
                    "clips.parquet",
                    "metrics.parquet",
                    "training.parquet",
                }
            )
        );
        Assert.That(names[0], Is.EqualTo("ro-crate-metadata.json"));
        Assert.That(names.Skip(1), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(Directory.GetFiles(Path.Combine(Run, "audio"), "*.wav"), Is.Not.Empty);
        Assert.That(names.Where(n => n.StartsWith("audio", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Read(archive, "report.html"), Does.Not.Contain("data:audio"));
        Assert.That(Read(archive, "benchmark.yaml"), Is.EqualTo(Benchmark));
        Assert.That(Read(archive, "references.bib"), Does.Contain("@").And.Contain("MerBench"));
        Assert.That(Read(archive, "README.md"), Does.Contain("have not chosen a licence"));
        JsonNode origin = JsonNode.Parse(Read(archive, "provenance.json"))!;
        JsonNode results = JsonNode.Parse(Read(archive, "results.json"))!;
        Assert.That((string)origin["dataset"]!["fingerprint"]!, Is.EqualTo((string)results["dataset"]!["fingerprint"]!));
        Assert.That(origin["environment"]!.ToJsonString(), Is.EqualTo(results["environment"]!.ToJsonString()));
    }

    [Test]
    public async Task Sound_goes_along_where_somebody_asks_for_it()
    {
        await Do("archive", Run, "-o", "sound.zip", "--audio");
        using ZipArchive archive = ZipFile.OpenRead(_tool.PathOf("sound.zip"));
        Assert.That(archive.Entries.Count(e => e.FullName.EndsWith(".wav", StringComparison.Ordinal)), Is.Positive);
        Assert.That(Read(archive, "report.html"), Does.Contain("data:audio"));
        Assert.That(Read(archive, "README.md"), Does.Contain("stay under its terms"));
    }

    /// <summary>By https://w3id.org/ro/crate/1.2: the descriptor, what the root must have, files that are there, links that lead to an
    /// entity.</summary>
    [Test]
    public async Task It_is_an_RO_Crate()
    {
        await Do("archive", Run, "-o", "crate.zip", "--license", "CC-BY-4.0");
        using ZipArchive archive = ZipFile.OpenRead(_tool.PathOf("crate.zip"));
        JsonNode crate = JsonNode.Parse(Read(archive, "ro-crate-metadata.json"))!;
        Assert.That((string)crate["@context"]!, Is.EqualTo("https://w3id.org/ro/crate/1.2/context"));
        Dictionary<string, JsonNode> entities = crate["@graph"]!
            .AsArray()
            .ToDictionary(e => (string)e!["@id"]!, e => e!, StringComparer.Ordinal);
        JsonNode descriptor = entities["ro-crate-metadata.json"];
        Assert.That((string)descriptor["@type"]!, Is.EqualTo("CreativeWork"));
        Assert.That((string)descriptor["conformsTo"]!["@id"]!, Is.EqualTo("https://w3id.org/ro/crate/1.2"));
        JsonNode root = entities[(string)descriptor["about"]!["@id"]!];
        Assert.That((string)root["@id"]!, Is.EqualTo("./"));
        Assert.That((string)root["@type"]!, Is.EqualTo("Dataset"));
        Assert.That((string)root["name"]!, Does.Contain("bench"));
        Assert.That((string)root["description"]!, Does.Contain("2 perturbations"));
        Assert.That((string)root["datePublished"]!, Does.Match("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"));
        JsonNode licence = entities[(string)root["license"]!["@id"]!];
        Assert.That((string)licence["@id"]!, Is.EqualTo("https://spdx.org/licenses/CC-BY-4.0"));
        Assert.That((string)licence["name"]!, Is.EqualTo("CC-BY-4.0"));
        Assert.That((string)licence["description"]!, Is.Not.Empty);

        string[] parts = [.. root["hasPart"]!.AsArray().Select(p => (string)p!["@id"]!)];
        Assert.That(
            parts.Select(Uri.UnescapeDataString),
            Is.EquivalentTo(archive.Entries.Select(e => e.FullName).Where(n => n != "ro-crate-metadata.json"))
        );
        foreach (string part in parts)
        {
            using var content = new MemoryStream();
            using (Stream packed = archive.GetEntry(Uri.UnescapeDataString(part))!.Open())
                packed.CopyTo(content);
            JsonNode file = entities[part];
            Assert.That((string)file["@type"]!, Is.EqualTo("File"), part);
            Assert.That(
                (string)file["contentSize"]!,
                Is.EqualTo(content.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                part
            );
            Assert.That((string)file["sha256"]!, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(content.ToArray()))), part);
            Assert.That((string)file["encodingFormat"]!, Does.Contain('/'), part);
        }

        JsonNode run = entities["#run"];
        Assert.That((string)run["@type"]!, Is.EqualTo("CreateAction"));
        JsonNode[] instruments = [.. run["instrument"]!.AsArray().Select(i => entities[(string)i!["@id"]!])];
        Assert.That(instruments.Select(i => (string)i["@type"]!), Is.All.EqualTo("SoftwareApplication"));
        Assert.That((string)instruments[0]["name"]!, Is.EqualTo("MerBench"));
        Assert.That((string)instruments[0]["version"]!, Is.Not.Empty);
        Assert.That(run["object"]!.AsArray().Select(o => (string)o!["@id"]!), Is.EqualTo(new[] { "benchmark.yaml", "#dataset" }));
        Assert.That(
            Links(crate).Where(l => !entities.ContainsKey(l) && !l.StartsWith("http", StringComparison.Ordinal)),
            Is.Empty,
            "links lead to entities"
        );
    }

    [Test]
    public async Task Verbs_that_take_a_run_open_it_as_it_is()
    {
        string[] leftBefore = LeftInTemporaryFolders();
        JsonNode rows = JsonNode.Parse(await Do("query", "select * from cells order by all", "bench.zip", "--json"))!;
        Assert.That(
            rows.ToJsonString(),
            Is.EqualTo(JsonNode.Parse(await Do("query", "select * from cells order by all", Run, "--json"))!.ToJsonString())
        );
        Assert.That(await Do("compare", "bench.zip", Run), Does.StartWith("bench.zip -> ").And.Contain("harm: 2 same"));
        Assert.That(await Do("compare", "bench.zip", "bench.zip"), Does.Contain("harm: 2 same"));
        Assert.That(await Do("report", "bench.zip"), Does.Contain("bench/report.html"));
        Assert.That(_tool.PathOf("bench/report.html"), Does.Exist);
        await Do("report", "bench.zip", "--format", "bibtex", "-o", "cited.bib");
        using (ZipArchive archive = ZipFile.OpenRead(Archive))
            Assert.That(File.ReadAllText(_tool.PathOf("cited.bib")), Is.EqualTo(Read(archive, "references.bib")));
        await Do("leaderboard", "bench.zip", "-o", "site");
        Assert.That(_tool.PathOf("site/index.html"), Does.Exist);
        Assert.That(LeftInTemporaryFolders(), Is.SubsetOf(leftBefore), "what was unpacked goes away");
        string audit = await Do("audit", "bench.zip", "--json");
        Assert.That(audit, Is.EqualTo(await Do("audit", Run, "--json")));
        Assert.That(JsonNode.Parse(audit)!["systems"]!.AsArray(), Has.Count.EqualTo(2));
    }

    /// <summary>As after unpacking and packing by hand.</summary>
    [Test]
    public async Task It_may_lie_in_a_folder_of_the_zip()
    {
        string folder = _tool.PathOf("unpacked/some name");
        ZipFile.ExtractToDirectory(Archive, folder);
        ZipFile.CreateFromDirectory(folder, _tool.PathOf("by hand.zip"), CompressionLevel.Fastest, includeBaseDirectory: true);
        Assert.That(await Do("query", "select count(*) as n from cells", "by hand.zip", "--format", "csv"), Is.EqualTo("n\n2\n"));
    }

    [TestCase("results.json")]
    [TestCase("clips.parquet")]
    [TestCase("report.html")]
    public async Task A_file_that_is_not_as_it_was_archived_is_named(string name)
    {
        string damaged = Changed(
            $"damaged-{name}.zip",
            archive =>
            {
                string text = Read(archive, name, Encoding.Latin1);
                archive.GetEntry(name)!.Delete();
                Write(archive, name, text[..^1] + (char)(text[^1] ^ 1));
            }
        );
        await Refuse(damaged, $"{name} is not as it was archived");
    }

    [Test]
    public async Task A_file_that_is_missing_is_named() =>
        await Refuse(Changed("missing.zip", archive => archive.GetEntry("cells.parquet")!.Delete()), "cells.parquet is missing");

    [TestCase("../climb")]
    [TestCase("figures/../../climb")]
    [TestCase("/tmp/climb")]
    [TestCase("C:/climb")]
    [TestCase("a\\..\\climb")]
    public async Task A_path_that_leads_out_is_refused(string name) =>
        await Refuse(Changed("climbing.zip", archive => Write(archive, name, "x")), "leads out of the archive");

    [Test]
    public async Task A_bomb_is_refused_before_it_is_unpacked()
    {
        string bomb = Changed(
            "bomb.zip",
            archive =>
            {
                using Stream entry = archive.CreateEntry("zeros.parquet", CompressionLevel.Optimal).Open();
                byte[] zeros = new byte[1 << 20];
                for (int i = 0; i < 300; i++)
                    entry.Write(zeros);
            }
        );
        await Refuse(bomb, "times as large when unpacked");
    }

    /// <summary>An entry that is longer than the directory says.</summary>
    [Test]
    public async Task A_length_that_is_a_lie_is_found()
    {
        byte[] content = File.ReadAllBytes(Archive);
        using (ZipArchive archive = ZipFile.OpenRead(Archive))
        {
            byte[] length = BitConverter.GetBytes((uint)archive.GetEntry("ro-crate-metadata.json")!.Length);
            for (int at = content.AsSpan().IndexOf(length); at >= 0; at = content.AsSpan().IndexOf(length))
                BitConverter.GetBytes(100u).CopyTo(content, at);
        }

        File.WriteAllBytes(_tool.PathOf("lie.zip"), content);
        await Refuse("lie.zip", "lie.zip");
    }

    [TestCase(0.999)]
    [TestCase(0.5)]
    [TestCase(0.0001)]
    public async Task One_that_is_cut_is_refused(double share)
    {
        byte[] whole = File.ReadAllBytes(Archive);
        string name = FormattableString.Invariant($"cut-{share}.zip");
        File.WriteAllBytes(_tool.PathOf(name), whole[..(int)(share * whole.Length)]);
        await Refuse(name, "cut off or damaged");
    }

    [Test]
    public async Task What_is_no_archive_is_refused_by_what_it_is()
    {
        _tool.Write("text.zip", "hello");
        await Refuse("text.zip", "no zip file");
        _tool.Write("empty.zip", "");
        await Refuse("empty.zip", "no zip file");
        File.WriteAllBytes(_tool.PathOf("packed.zip"), [0x1f, 0x8b, 0, 0]);
        await Refuse("packed.zip", "a gzip archive");
        using (ZipArchive other = ZipFile.Open(_tool.PathOf("other.zip"), ZipArchiveMode.Create))
            Write(other, "holiday.txt", "x");
        await Refuse("other.zip", "ro-crate-metadata.json is missing");
        using (ZipArchive foreign = ZipFile.Open(_tool.PathOf("foreign.zip"), ZipArchiveMode.Create))
            Write(foreign, "ro-crate-metadata.json", """{ "@graph": [{ "@id": "./", "@type": ["Dataset"] }] }""");
        await Refuse("foreign.zip", "foreign.zip holds no archive of a run: results.json is missing");
    }

    [Test]
    public async Task Options_that_cannot_be_meant_are_refused()
    {
        BufferedCommandResult licence = await _tool.Run("archive", Run, "--license", "my own terms");
        Assert.That((licence.ExitCode, licence.StandardError), Is.EqualTo((3, licence.StandardError)));
        Assert.That(licence.StandardError, Does.Contain("'my own terms' names no licence"));
        BufferedCommandResult twice = await _tool.Run("archive", "bench.zip");
        Assert.That(twice.ExitCode, Is.EqualTo(3));
        Assert.That(twice.StandardError, Does.Contain("is an archive already"));
        BufferedCommandResult nowhere = await _tool.Run("archive", "nowhere");
        Assert.That(nowhere.ExitCode, Is.EqualTo(3));
    }

    private static IEnumerable<string> Links(JsonNode node) =>
        node switch
        {
            JsonObject { Count: 1 } link when link["@id"] is { } id => [(string)id!],
            JsonObject fields => fields.Select(f => f.Value).OfType<JsonNode>().SelectMany(Links),
            JsonArray items => items.OfType<JsonNode>().SelectMany(Links),
            _ => [],
        };

    private static string[] LeftInTemporaryFolders() => Directory.GetDirectories(Path.GetTempPath(), "merbench-archive-*");

    private static string Read(ZipArchive archive, string name, Encoding? encoding = null)
    {
        using var reader = new StreamReader(archive.GetEntry(name)!.Open(), encoding ?? Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void Write(ZipArchive archive, string name, string text)
    {
        using Stream entry = archive.CreateEntry(name).Open();
        entry.Write(Encoding.Latin1.GetBytes(text));
    }

    private string Changed(string name, Action<ZipArchive> change)
    {
        File.Copy(Archive, _tool.PathOf(name), overwrite: true);
        using ZipArchive archive = ZipFile.Open(_tool.PathOf(name), ZipArchiveMode.Update);
        change(archive);
        return name;
    }

    private async Task Refuse(string archive, string reason)
    {
        BufferedCommandResult result = await _tool.Run("query", "select 1", archive);
        Assert.That((result.ExitCode, result.StandardOutput), Is.EqualTo((3, "")), result.StandardError);
        Assert.That(result.StandardError, Does.Contain(reason).And.StartWith("error: ").And.Not.Contain("\n   at "));
        Assert.That(result.StandardError.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    private async Task<string> Do(params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        return result.StandardOutput;
    }
}
