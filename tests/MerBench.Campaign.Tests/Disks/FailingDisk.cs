using System.ComponentModel;
using System.Diagnostics;

namespace MerBench.Tests.Campaign;

/// <summary>A library that stands between a program and its disk and has changes fail, see <c>failing-disk.c</c>.</summary>
internal static class FailingDisk
{
    /// <summary>Compiles it into a folder; skips the running test where there is no C compiler.</summary>
    public static string CompileOrSkip(string folder)
    {
        string library = Path.Combine(folder, "failing-disk.so"),
            source = Path.Combine(TestContext.CurrentContext.TestDirectory, "Disks", "failing-disk.c");
        try
        {
            using Process compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("No C compiler is on this machine.");
        }

        return library;
    }
}
