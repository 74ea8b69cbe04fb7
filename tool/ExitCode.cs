namespace MerBench.Tool;

/// <summary>What the process tells scripts.</summary>
internal static class ExitCode
{
    public const int Fine = 0;
    public const int CellFailed = 1;
    public const int Regressed = 2;
    public const int InputWrong = 3;
    public const int EnvironmentWrong = 4;

    /// <summary>Stopped by Ctrl+C, as shells report it.</summary>
    public const int Interrupted = 130;
}
