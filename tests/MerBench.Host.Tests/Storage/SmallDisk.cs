using System.Diagnostics;
using System.Globalization;
using MerBench.Tests.Data;

namespace MerBench.Tests.Storage;

/// <summary>A disk in memory; a test that cannot have one is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk(int kilobytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k"), "tmpfs", Path))
            return;
        _folder.Dispose();
        Assert.Ignore("No small disk can be mounted here: that takes Linux and the rights of root.");
    }

    public string Path => _folder.Path;

    public void Remount(string option) => Assert.That(TryRemount(option));

    public bool TryRemount(string option) => Run("mount", "-o", $"remount,{option}", Path);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true }
            )!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
