using System.Reflection;
using System.Text;
using PublicApiGenerator;

namespace MerBench.Tests;

/// <summary>The contract's public API is what every plugin is built against: it changes only on purpose.</summary>
public sealed class PublicApiTests
{
    [Test]
    public void The_public_api_is_the_approved_one()
    {
        string folder = Path.Combine(Repository.Root, "tests", "MerBench.Abstractions.Tests");
        string verified = Path.Combine(folder, "MerBench.Abstractions.PublicApi.verified.txt");
        string received = Path.Combine(folder, "MerBench.Abstractions.PublicApi.received.txt");
        string actual = PublicApi(),
            approved = File.Exists(verified) ? Normalised(File.ReadAllText(verified)) : "";
        if (actual == approved)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Fail(
            $"The public API of MerBench.Abstractions is not the approved one. {FirstDifference(approved, actual)}\n"
                + "If the change is meant: an addition needs the next minor of MerBenchContractVersion (Directory.Build.props), anything "
                + "else the next major, there and in\n"
                + $"AssemblyVersion (MerBench.Abstractions.csproj). Then accept it:\n  mv '{received}' '{verified}'"
        );
    }

    private static string PublicApi()
    {
        Assembly contract = typeof(IModel).Assembly;
        string version = contract.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "MerBench.ContractVersion").Value!;
        return Normalised(
            $"// Contract {version}\n{contract.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })}"
        );
    }

    private static string Normalised(string text) => text.ReplaceLineEndings("\n").TrimEnd();

    private static string FirstDifference(string approved, string actual)
    {
        string[] before = approved.Split('\n'),
            after = actual.Split('\n');
        int line = 0;
        while (line < before.Length && line < after.Length && before[line] == after[line])
            line++;
        return $"First difference in line {line + 1}:\n  approved: {before.ElementAtOrDefault(line)?.Trim()}\n  actual:   "
            + $"{after.ElementAtOrDefault(line)?.Trim()}";
    }
}
