using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A kept verdict of the self-test that says otherwise than this processor computes.</summary>
internal static class PlantedVerdict
{
    // What this processor is found to be, once for all tests: trying its settings takes seconds.
    private static readonly Lazy<Task<string>> s_tested = new(TestOnce);

    /// <summary>A tool that has not been told that its arithmetic is chosen, as the tests' own process was.</summary>
    public static MerBenchTool CreateTool()
    {
        var tool = new MerBenchTool();
        foreach (string name in new[] { "MERBENCH_ARITHMETIC", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MERBENCH_ONEDNN" })
            tool.Variables[name] = null;
        return tool;
    }

    /// <summary>Lets an operation be wrong in the verdict on this processor as it is, and another setting be right.</summary>
    public static async Task Plant(MerBenchTool tool, string operation, bool fillsBlocks, string? alsoRight)
    {
        if (tool.Variables["ONEDNN_MAX_CPU_ISA"] is null)
            MerBenchTool.Copy(await s_tested.Value, tool.PathOf(".merbench/arithmetic"));
        else
            await SelfTest(tool);
        string file = Directory.GetFiles(tool.PathOf(".merbench/arithmetic")).Single();
        // The first line holds kind, key and checksum.
        string[] sealing = File.ReadAllText(file).Split('\n', 2);
        JsonNode verdict = JsonNode.Parse(sealing[1])!;
        JsonArray tries = verdict["tries"]!.AsArray();
        // The one that passes, be it as it is or, on a processor that computes wrongly, another.
        JsonNode right = tries[^1]!.DeepClone(),
            wrong = right.DeepClone();
        tries.Clear();
        tries.Add(wrong);
        wrong["setting"] = "as it is";
        wrong["findings"]!["faults"] = new JsonArray(
            new JsonObject
            {
                ["operation"] = operation,
                ["part"] = "value",
                ["error"] = 0.3,
                ["fillsBlocks"] = fillsBlocks,
            }
        );
        if (alsoRight is not null)
        {
            right["setting"] = alsoRight;
            right["findings"]!["speed"]!["fp32"] = 3 * (double)right["findings"]!["speed"]!["fp32"]!;
            tries.Add(right);
        }

        string content = verdict.ToJsonString(),
            checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        File.WriteAllText(file, $"{sealing[0][..sealing[0].LastIndexOf(' ')]} {checksum}\n{content}");
    }

    /// <summary>Forgets what this processor was found to be.</summary>
    public static async Task Delete()
    {
        if (s_tested.IsValueCreated)
            Directory.GetParent(await s_tested.Value)!.Parent!.Delete(recursive: true);
    }

    private static async Task<string> TestOnce()
    {
        MerBenchTool tool = CreateTool();
        await SelfTest(tool);
        return tool.PathOf(".merbench/arithmetic");
    }

    private static async Task SelfTest(MerBenchTool tool)
    {
        BufferedCommandResult tested = await tool.Run("self-test", "--cache", tool.PathOf(".merbench"));
        Assert.That(tested.ExitCode, Is.Zero, tested.StandardError);
    }
}
