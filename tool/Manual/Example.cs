namespace MerBench.Tool.Manual;

/// <param name="Purpose">What for, without a full stop.</param>
/// <param name="Command">As it is typed, where the tool is called <c>merbench</c>.</param>
internal sealed record Example(string Purpose, string Command);
