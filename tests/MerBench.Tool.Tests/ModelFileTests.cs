using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Files of models are looked at before any recording is decoded, and described on request.</summary>
public sealed class ModelFileTests
{
    // Opset 17: y = Hardmax(x), x [batch, 30, 149], made by onnx.helper.
    internal const string Hardmax =
        "CAgSB2NyYWZ0ZWQ6SAoZCgF4EgF5GggvSGFyZG1heCIHSGFyZG1heBIBZ1odCgF4EhgKFggBEhIKBxIFYmF0Y2gKAggeCgMIlQFi" + "CQoBeRIECgIIAUIECgAQEQ==";

    [Test]
    public async Task A_graph_is_refused_or_described_by_what_it_is()
    {
        using var tool = new MerBenchTool();
        File.WriteAllBytes(tool.PathOf("hard.onnx"), Convert.FromBase64String(Hardmax));
        tool.Write("junk.onnx", "no graph");
        tool.Write(
            "bench.yaml",
            """
            dataset: cues
            models:
              hard: { use: onnx, with: { path: hard.onnx } }
            perturbations:
              p: { use: pgd, budgets: { linf: [0.1] } }
              s: { use: square, budgets: { linf: [0.1] } }
            """
        );
        tool.Write("junk.yaml", "dataset: cues\nmodels:\n  j: { use: onnx, with: { path: junk.onnx } }\nperturbations: { n: noise }\n");
        BufferedCommandResult refused = await tool.Run("validate", "bench.yaml"),
            junk = await tool.Run("validate", "junk.yaml"),
            described = await tool.Run("describe", "--model", "hard.onnx");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.ExitCode, Is.EqualTo(3));
            Assert.That(
                refused.StandardError,
                Does.Contain("bench.yaml:5:").And.Contains("'p' follows gradients, and model 'hard' has none")
            );
            Assert.That(refused.StandardError, Does.Contain("Hardmax ('/Hardmax')").And.Not.Contains("'s' follows"));
            Assert.That(junk.ExitCode, Is.EqualTo(3));
            Assert.That(junk.StandardError, Does.Contain("junk.yaml:3:").And.Contains("junk.onnx is no ONNX graph"));
            Assert.That(described.ExitCode, Is.Zero);
            Assert.That(described.StandardOutput, Does.Contain("(model: onnx)").And.Contains("unsupported: Hardmax ('/Hardmax')"));
        }
    }
}
