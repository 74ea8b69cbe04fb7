using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MerBench.Tests;

/// <summary>A real Slurm of two nodes with two processors each, all on this machine and in a folder of its own: no accounting, no control
/// groups, and a second partition that takes nodes from the first.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "srun", "scancel"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("merbench-slurm-").FullName;
    private readonly List<Process> _daemons = [];
    private readonly Dictionary<string, Process> _nodes = new(StringComparer.Ordinal);

    private SlurmCluster()
    {
        foreach (string name in new[] { "state", "spool/n1", "spool/n2", "log" })
            Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Configuration, Describe());
        string key = Path.Combine(_folder, "munge.key");
        File.WriteAllBytes(key, System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead);
        Start(
            "munged",
            "--foreground",
            "--force",
            $"--key-file={key}",
            $"--socket={Path.Combine(_folder, "munge.socket")}",
            $"--pid-file={Path.Combine(_folder, "munge.pid")}",
            $"--log-file={Path.Combine(_folder, "log", "munged.log")}",
            $"--seed-file={Path.Combine(_folder, "munge.seed")}"
        );
        Await("munged", () => Path.Exists(Path.Combine(_folder, "munge.socket")));
        Start("slurmctld", "-D", "-c");
        StartNode("n1");
        StartNode("n2");
        Await("both nodes", () => Ask("sinfo", "-h", "-p", "main", "-t", "idle", "-o", "%D").Trim() == "2");
    }

    /// <summary>The path of slurm.conf, which is what SLURM_CONF has to be.</summary>
    public string Configuration => Path.Combine(_folder, "slurm.conf");

    /// <summary>Starts one; skips the running test, visibly, where Slurm is not installed.</summary>
    public static SlurmCluster OrSkip()
    {
        string[] missing = [.. Programs.Where(p => Find(p) is null)];
        if (missing.Length > 0)
            Assert.Ignore($"Slurm is not on this machine: {string.Join(", ", missing)} are not found.");
        if (!Environment.IsPrivilegedProcess)
            Assert.Ignore("Slurm's daemons are started by root only.");
        return new SlurmCluster();
    }

    public void StartNode(string name) => _nodes[name] = Start("slurmd", "-D", "-N", name);

    /// <summary>A power cut: nothing on the node is told.</summary>
    public void Lose(string node)
    {
        _nodes[node].Kill();
        _nodes[node].WaitForExit();
        OwnProcess[] all = [.. FindOwnProcesses()];
        OwnProcess[] lost = [.. all.Where(p => p.Has("SLURMD_NODENAME", node))];
        // Those first that would report the end of a job.
        foreach (OwnProcess step in all.Where(p => p.IsStep && lost.Any(job => IsAncestor(p.Id, job.Id))))
            Kill(step.Id);
        foreach (OwnProcess job in lost)
            Kill(job.Id);
    }

    /// <summary>Kills the program of an array's task on a node that stays, as the system does when memory runs out.</summary>
    public bool KillProgram(int task)
    {
        string index = task.ToString(CultureInfo.InvariantCulture);
        OwnProcess[] found = [.. FindOwnProcesses().Where(p => p.Has("SLURM_ARRAY_TASK_ID", index) && p.IsProgram)];
        foreach (OwnProcess process in found)
            Kill(process.Id);
        return found.Length > 0;
    }

    /// <summary>Asks a program of Slurm; hands back what it wrote, whatever it ended with.</summary>
    public string Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(program, arguments))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Length > 0 ? output : errors.Result;
    }

    public void Dispose()
    {
        foreach (Process daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited)
                daemon.Kill();
            daemon.WaitForExit();
            daemon.Dispose();
        }

        foreach (OwnProcess process in FindOwnProcesses())
            Kill(process.Id);
        Directory.Delete(_folder, recursive: true);
    }

    private static void Await(string what, Func<bool> isThere)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isThere())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                Assert.Fail($"{what} did not come up");
            Thread.Sleep(100);
        }
    }

    // What was started with this cluster's configuration, by daemons or by their jobs.
    private IEnumerable<OwnProcess> FindOwnProcesses() =>
        Directory
            .GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId)
            .Select(id => new OwnProcess(id, Read($"/proc/{id}/cmdline").Replace('\0', ' '), Read($"/proc/{id}/environ")))
            .Where(p => p.Has("SLURM_CONF", Configuration));

    private static bool IsAncestor(int ancestor, int process)
    {
        for (int id = process; id > 1; id = Parent(id))
            if (id == ancestor)
                return true;
        return false;
    }

    private static int Parent(int id)
    {
        string status = Read($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/status");
        string? line = status.Split('\n').FirstOrDefault(l => l.StartsWith("PPid:", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line["PPid:".Length..], CultureInfo.InvariantCulture);
    }

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return "";
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
        }
    }

    private Process Start(string program, params string[] arguments)
    {
        Process process = Process.Start(StartInfo(program, arguments))!;
        // Unread pipes fill.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
        return process;
    }

    private ProcessStartInfo StartInfo(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SLURM_CONF"] = Configuration;
        return start;
    }

    private static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin"
            .Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // A requeued job rests as long as its credential lives: two minutes where that is not set.
    private string Describe() =>
        $"""
            ClusterName=merbench
            SlurmctldHost=localhost
            SlurmctldPort={FindFreePort()}
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={_folder}/munge.socket,cred_expire=5
            StateSaveLocation={_folder}/state
            SlurmdSpoolDir={_folder}/spool/%n
            SlurmctldPidFile={_folder}/slurmctld.pid
            SlurmdPidFile={_folder}/slurmd-%n.pid
            SlurmctldLogFile={_folder}/log/slurmctld.log
            SlurmdLogFile={_folder}/log/slurmd-%n.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            MpiDefault=none
            SchedulerType=sched/backfill
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=2
            PreemptType=preempt/partition_prio
            PreemptMode=REQUEUE
            JobRequeue=1
            ReturnToService=2
            SlurmdTimeout=10
            SlurmctldTimeout=10
            KillWait=3
            MinJobAge=3600
            NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port={FindFreePort()} CPUs=2 RealMemory=1000 State=UNKNOWN
            NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port={FindFreePort()} CPUs=2 RealMemory=1000 State=UNKNOWN
            PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=30
            PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=off

            """;

    /// <param name="Environment">Variables as they were when it was started, ended by zeros.</param>
    private sealed record OwnProcess(int Id, string Command, string Environment)
    {
        public bool IsStep => Command.StartsWith("slurmstepd", StringComparison.Ordinal);

        // What srun has started; srun itself has it among its arguments.
        public bool IsProgram =>
            Command.Contains("merbench.dll", StringComparison.Ordinal) && !Command.StartsWith("srun", StringComparison.Ordinal);

        public bool Has(string variable, string value) => $"\0{Environment}".Contains($"\0{variable}={value}\0", StringComparison.Ordinal);
    }
}
