using System.Reflection;
using MerBench.Datasets.AudioCsv;

namespace MerBench.Tests;

public sealed class PackagingTests
{
    [Test]
    public void The_plugins_folder_holds_its_own_dependencies_and_nothing_that_the_host_shares()
    {
        // .../tests/<project>/bin/<configuration>/<framework>, and the same below plugins/.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        string root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        string name = typeof(AudioCsvDataset).Assembly.GetName().Name!;
        string plugin = Path.Combine(root, "plugins", name, "bin", output.Parent.Name, output.Name);
        string[] libraries =
        [
            .. Directory
                .GetFiles(plugin, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetExtension(f) is ".dll" or ".so" or ".dylib")
                .Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal),
        ];
        Assert.That(libraries, Is.EqualTo(new[] { "CsvHelper.dll", "F23.StringSimilarity.dll", name + ".dll" }));
    }

    [Test]
    public void The_dataset_is_marked_as_audio_csv() =>
        Assert.That(typeof(AudioCsvDataset).GetCustomAttribute<DatasetAttribute>()!.Id, Is.EqualTo("audio-csv"));
}
