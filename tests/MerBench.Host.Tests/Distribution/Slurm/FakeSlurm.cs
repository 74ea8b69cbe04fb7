using MerBench.Tests.Data;

namespace MerBench.Tests.Distribution.Slurm;

/// <summary>Programs of Slurm that answer what a test tells them, and note what they are asked. While it lives, nothing else is on the
/// path.</summary>
internal sealed class FakeSlurm : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public FakeSlurm()
    {
        Environment.SetEnvironmentVariable("PATH", _folder.Path);
        Set("sbatch", "read -r n 2>/dev/null < \"$0.count\"; n=$((n + 1)); echo $n > \"$0.count\"; echo $((100 + n))");
        Set("squeue", "");
        Set("scontrol", "echo 'MaxArraySize = 1001'");
        Set("scancel", "");
    }

    public string Path => _folder.Path;

    /// <param name="body">Of a script of bash, without programs of the path.</param>
    public void Set(string program, string body)
    {
        string file = _folder.File(program);
        // Written anew: one that runs cannot be written to.
        File.Delete(file);
        File.WriteAllText(
            file,
            $$"""
            #!/bin/bash
            { printf '%s' {{program}}; printf ' %s' "$@"; echo; } >> "${0%/*}/asked"
            compgen -v >> "${0%/*}/variables"
            {{body}}

            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    public void Remove(string program) => File.Delete(_folder.File(program));

    /// <summary>What the programs were asked since the last time, a line a call.</summary>
    public string[] TakeAsked()
    {
        string file = _folder.File("asked");
        if (!File.Exists(file))
            return [];
        string[] lines = File.ReadAllLines(file);
        File.Delete(file);
        return lines;
    }

    /// <summary>Variables that they saw.</summary>
    public string[] ReadVariables() => File.ReadAllLines(_folder.File("variables"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Dispose();
    }
}
