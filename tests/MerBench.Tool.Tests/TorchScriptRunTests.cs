using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class TorchScriptRunTests
{
    private static string Module { get; } =
        Path.Combine(MerBenchTool.Repository, "tests", "MerBench.Models.Tests", "fixtures", "torchscript_features.pt");

    [Test]
    [Category("Slow")]
    [Explicit("Waits for time limits; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_module_that_writes_into_its_input_or_never_answers_costs_its_own_cells()
    {
        using var tool = new MerBenchTool(isolated: true);
        InForward("    _w = torch.add_(x, 1)\n", tool.PathOf("writes.pt"));
        InForward("    _l = True\n    while _l:\n      x0 = torch.add(x, 1)\n      _l, x = True, x0\n", tool.PathOf("loops.pt"));
        AtLoad("    _l = True\n    n = 0\n    while _l:\n      n0 = torch.add(n, 1)\n      _l, n = True, n0\n", tool.PathOf("waits.pt"));
        const string benchmark = """
            dataset: { use: cues, with: { clips: 24, seconds: 1 } }
            models:
              ridge: ridge
            perturbations: { pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.1] } } }
            evaluation: { model-timeout: 5s, cell-timeout: 5s }
            """;
        tool.Write("alone.yaml", benchmark);
        tool.Write(
            "beside.yaml",
            benchmark.Replace(
                "  ridge: ridge",
                "  writes: { use: torchscript, with: { path: writes.pt, concept-output: 1 } }\n"
                    + "  loops: { use: torchscript, with: { path: loops.pt, concept-output: 1 } }\n"
                    + "  waits: { use: torchscript, with: { path: waits.pt, concept-output: 1 } }\n  ridge: ridge",
                StringComparison.Ordinal
            )
        );
        await tool.Run("run", "alone.yaml", "-q");
        Assert.That((await tool.Run("validate", "beside.yaml")).ExitCode, Is.Zero, "which runs no code of a module");
        Assert.That((await tool.Run("describe", "--model", "waits.pt")).StandardOutput, Does.Contain("TorchScript module, which is code"));
        BufferedCommandResult result = await tool.Run("run", "beside.yaml", "-q", "--cache", "other");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        JsonArray cells = tool.Results("beside")["cells"]!.AsArray();
        Assert.That((string?)cells[0]!["failure"], Does.Contain("changes its input in place"));
        Assert.That((string?)cells[1]!["failure"], Does.Contain("gave no sign of life for 5 s").Or.Contain("took longer than 00:00:05"));
        Assert.That((string?)cells[2]!["failure"], Does.Contain("gave no sign of life for 5 s"));
        Assert.That(
            cells[3]!["result"]!["metrics"]!.ToJsonString(),
            Is.EqualTo(tool.Results("alone")["cells"]![0]!["result"]!["metrics"]!.ToJsonString())
        );
    }

    [Test]
    public async Task An_exported_PyTorch_module_is_attacked_with_gradients()
    {
        using var tool = new MerBenchTool();
        string module = Module;
        tool.Write(
            "bench.yaml",
            $$"""
            dataset: { use: cues, with: { clips: 40, seconds: 2 } }
            models: { exported: { use: torchscript, with: { path: {{module}}, concept-output: 1 } } }
            perturbations: { pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.01, 0.1] } } }
            metrics: [mae]
            """
        );
        BufferedCommandResult result = await tool.Run("run", "bench.yaml");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError + result.StandardOutput);
        double[] harm =
        [
            .. tool.Results("bench")["cells"]!.AsArray().Select(c => (double)c!["result"]!["metrics"]!["mae"]!["mean"]!["harm"]!),
        ];
        Assert.That(harm, Has.Length.EqualTo(2).And.Ordered.And.All.GreaterThan(0));
    }

    [Test]
    public async Task A_file_that_is_no_module_is_refused_before_any_recording_is_decoded()
    {
        using var tool = new MerBenchTool();
        tool.Write("model.pt", "not a module");
        tool.Write(
            "bench.yaml",
            """
            dataset: { use: cues, with: { clips: 10, seconds: 1 } }
            models: { exported: { use: torchscript, with: { path: model.pt } }, ridge: ridge }
            perturbations: { noise: { use: noise, severities: [1] } }
            """
        );
        BufferedCommandResult result = await tool.Run("run", "bench.yaml");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(
            result.StandardError,
            Does.Contain("bench.yaml:2:21: model 'exported': ").And.Contain("model.pt is no TorchScript module")
        );
        Assert.That(result.StandardError, Does.Not.Contain("prepared"));
    }

    private static void InForward(string lines, string path) =>
        WithCode(
            code =>
            {
                const string head = "x: Tensor) -> Tuple[Tensor, Tensor]:\n";
                Assert.That(code, Does.Contain(head));
                return code.Replace(head, head + lines, StringComparison.Ordinal);
            },
            path
        );

    // What a module says of its state is asked while it is loaded.
    private static void AtLoad(string lines, string path) =>
        WithCode(
            code =>
                $"{code.TrimEnd('\n')}\n  def __getstate__(self: __torch__.Statistics) -> Any:\n    return 1\n"
                + $"  def __setstate__(self: __torch__.Statistics,\n    state: Any) -> NoneType:\n{lines}    return None\n",
            path
        );

    // A module carries its code as text.
    private static void WithCode(Func<string, string> change, string path)
    {
        using ZipArchive from = ZipFile.OpenRead(Module);
        using ZipArchive to = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (ZipArchiveEntry entry in from.Entries.Where(e => !e.FullName.EndsWith(".debug_pkl", StringComparison.Ordinal)))
        {
            using var content = new MemoryStream();
            using (Stream stream = entry.Open())
                stream.CopyTo(content);
            byte[] bytes = content.ToArray();
            if (entry.Name == "__torch__.py")
                bytes = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes)));

            using Stream target = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
            target.Write(bytes);
        }
    }
}
