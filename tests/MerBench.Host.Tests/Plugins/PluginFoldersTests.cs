using MerBench.Host;
using MerBench.Host.Plugins;

namespace MerBench.Tests.Plugins;

[NonParallelizable]
public sealed class PluginFoldersTests
{
    private string? _before;

    [SetUp]
    public void RememberEnvironment() => _before = Environment.GetEnvironmentVariable(PluginFolders.UserFolderVariable);

    [TearDown]
    public void RestoreEnvironment() => Environment.SetEnvironmentVariable(PluginFolders.UserFolderVariable, _before);

    [Test]
    public void The_standard_folders_are_bundled_beside_the_file_and_in_the_users_home()
    {
        Environment.SetEnvironmentVariable(PluginFolders.UserFolderVariable, null);
        string file = Path.Combine(Path.GetTempPath(), "some", "bench.yaml");
        PluginFolders folders = PluginFolders.Standard(file, ["x.dll"]);
        Assert.That(folders.Bundled, Is.EqualTo(Path.Combine(AppContext.BaseDirectory, "plugins")));
        Assert.That(folders.BesideBenchmark, Is.EqualTo(Path.Combine(Path.GetTempPath(), "some", "plugins")));
        Assert.That(folders.User, Does.EndWith(Path.Combine(".merbench", "plugins")));
        Assert.That(folders.Explicit, Is.EqualTo(new[] { "x.dll" }));
    }

    [Test]
    public void The_environment_may_name_the_users_folder_which_must_exist()
    {
        Environment.SetEnvironmentVariable(PluginFolders.UserFolderVariable, Path.GetTempPath());
        Assert.That(PluginFolders.Standard().User, Is.EqualTo(Path.GetTempPath()));
        Environment.SetEnvironmentVariable(PluginFolders.UserFolderVariable, "/nowhere/at/all");
        UserErrorException error = Assert.Throws<UserErrorException>(() => PluginFolders.Standard())!;
        Assert.That(
            (error.Kind, error.Message),
            Is.EqualTo(
                (
                    ErrorKind.Environment,
                    "The environment variable MERBENCH_PLUGINS names '/nowhere/at/all', which is not a folder: create it, or clear the "
                        + "variable."
                )
            )
        );
    }
}
