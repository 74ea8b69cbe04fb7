using System.Globalization;

namespace MerBench.Host.IO;

/// <summary>Who holds or writes something: a process, and the machine on which somebody may look whether it is still there.</summary>
/// <param name="Process">Its number.</param>
internal readonly record struct ProcessMark(int Process, string Host)
{
    public static ProcessMark Own { get; } = new(Environment.ProcessId, Environment.MachineName);

    /// <summary>Whether it has ended; false also where that cannot be seen from this machine.</summary>
    public bool HasEnded
    {
        get
        {
            if (Host != Environment.MachineName)
                return false;
            try
            {
                using var there = System.Diagnostics.Process.GetProcessById(Process);
                return false;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null where it is something else.</summary>
    public static ProcessMark? Parse(string? text) =>
        text?.Split('@', 2) is [var process, var host]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new ProcessMark(number, host)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Process}@{Host}");
}
