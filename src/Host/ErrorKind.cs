namespace MerBench.Host;

/// <summary>What the user has to mend.</summary>
public enum ErrorKind
{
    /// <summary>A file, an option, data or a plugin.</summary>
    Input,

    /// <summary>The machine: libtorch, a device, a program that is missing, arithmetic that is wrong.</summary>
    Environment,
}
