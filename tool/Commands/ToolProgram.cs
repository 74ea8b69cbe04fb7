using MerBench.Host.Arithmetic;

namespace MerBench.Tool.Commands;

/// <summary>How this very tool is started in a process of its own.</summary>
internal static class ToolProgram
{
    /// <summary>The program and its first arguments.</summary>
    public static IReadOnlyList<string> Command
    {
        get
        {
            string program = Environment.ProcessPath!;
            bool isHost = string.Equals(Path.GetFileNameWithoutExtension(program), "dotnet", StringComparison.OrdinalIgnoreCase);
            return isHost ? [program, typeof(ToolProgram).Assembly.Location] : [program];
        }
    }

    /// <summary>Tests libtorch's arithmetic.</summary>
    public static IReadOnlyList<string> SelfTest => [.. Command, .. ArithmeticChoice.SelfTestArguments];
}
