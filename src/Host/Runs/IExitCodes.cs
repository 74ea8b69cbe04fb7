using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>What a process ends with, for those who follow a run of it from elsewhere.</summary>
public interface IExitCodes
{
    /// <summary>After a run to its end.</summary>
    int Find(RunResults results);

    /// <summary>After a run that ended by an exception.</summary>
    int Find(Exception problem);
}
