using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MerBench.Analysis.Audit;
using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Leaderboards;
using MerBench.Analysis.Snapshots;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Reports.Listening;

namespace MerBench.Tests.Results;

/// <summary>What MerBench writes as JSON is read by others, and by its later versions: names and their order change only on
/// purpose.</summary>
public sealed class JsonLayoutTests
{
    [Test]
    public void The_layout_of_JSON_files_is_the_approved_one()
    {
        string folder = Path.Combine(Repository.Root, "tests", "MerBench.Reports.Tests", "Results"),
            verified = Path.Combine(folder, "JsonLayout.verified.txt"),
            received = Path.Combine(folder, "JsonLayout.received.txt"),
            layout = Layout();
        if (layout == File.ReadAllText(verified).ReplaceLineEndings("\n"))
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, layout);
        Assert.Fail($"A JSON file has another layout than before. If that is meant, accept it:\n  mv '{received}' '{verified}'");
    }

    [Test]
    public void What_an_older_version_did_not_write_is_read_as_none()
    {
        CellSummary cell = JsonSerializer.Deserialize<CellSummary>("""{ "name": "vgg / pgd / linf 0.1 / seed 1" }""", ResultJson.Options)!;
        Assert.That((cell.Name, cell.Norm, cell.Seed), Is.EqualTo(("vgg / pgd / linf 0.1 / seed 1", (string?)null, 0)));
    }

    private static string Layout()
    {
        JsonSerializerOptions options = new(ResultJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        var text = new StringBuilder();
        foreach (
            (string name, Type type) in new[]
            {
                ("results.json", typeof(RunResults)),
                ("audio/index.json", typeof(ListeningIndex)),
                ("NAME.verified.json", typeof(Snapshot)),
                ("audit.json", typeof(LogAudit)),
                ("compare --json", typeof(RunComparison)),
                ("verify --json", typeof(BenchmarkVerification)),
                ("leaderboard --json", typeof(Leaderboard)),
            }
        )
        {
            text.Append(name).Append('\n');
            Append(text, options.GetTypeInfo(type), options, 1);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonTypeInfo type, JsonSerializerOptions options, int depth)
    {
        // A list's or map's values.
        while (type.ElementType is { } element)
            type = options.GetTypeInfo(element);
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (JsonPropertyInfo property in type.Properties.Where(p => p.Get is not null))
        {
            JsonTypeInfo value = options.GetTypeInfo(property.PropertyType);
            text.Append(' ', 2 * depth).Append(property.Name).Append(": ").Append(Kind(value)).Append('\n');
            Append(text, value, options, depth + 1);
        }
    }

    private static string Kind(JsonTypeInfo type) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => "object",
            JsonTypeInfoKind.Enumerable => "list",
            JsonTypeInfoKind.Dictionary => "map",
            _ => (Nullable.GetUnderlyingType(type.Type) ?? type.Type).Name + (Nullable.GetUnderlyingType(type.Type) is null ? "" : "?"),
        };
}
