using MerBench.Host.Torch;

namespace MerBench.Host.Arithmetic;

/// <summary>How a process lets libtorch compute: variables of its environment.</summary>
/// <param name="Name">For people.</param>
/// <param name="Variables">What is set before libtorch is loaded.</param>
public sealed record ArithmeticSetting(string Name, IReadOnlyDictionary<string, string> Variables)
{
    private const string Limit = "ONEDNN_MAX_CPU_ISA";

    /// <summary>Nothing is set.</summary>
    public static ArithmeticSetting AsItIs { get; } = new("as it is", new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>libtorch's own kernels compute; the one setting that can be taken once oneDNN has computed.</summary>
    internal static ArithmeticSetting WithoutOneDnn { get; } =
        new("without oneDNN", new Dictionary<string, string>(StringComparer.Ordinal) { [OneDnn.Variable] = "off" });

    /// <summary>All that may be tried, the fastest first.</summary>
    internal static IReadOnlyList<ArithmeticSetting> All { get; } =
    [
        AsItIs,
        LimitTo("AVX512_CORE"),
        LimitTo("AVX2_VNNI_2"),
        LimitTo("AVX2"),
        WithoutOneDnn,
        // Slower than libtorch's own kernels (docs/performance.md).
        LimitTo("SSE41"),
    ];

    /// <summary>Those that differ from each other on a processor.</summary>
    internal static IReadOnlyList<ArithmeticSetting> ListFor(string instructionSet) =>
        [.. All.Where(s => s.InstructionLimit is not { } limit || InstructionSet.IsSmaller(limit, instructionSet))];

    /// <summary>What the user has set of all that, as <c>NAME=value</c>; empty when nothing.</summary>
    internal static IReadOnlyList<string> FindChosenByUser(Func<string, string?> environment) =>
        [
            .. InstructionSet
                .Variables.Append(OneDnn.Variable)
                .Where(name => !string.IsNullOrWhiteSpace(environment(name)))
                .Select(name => $"{name}={environment(name)}"),
        ];

    /// <summary>What convolutions are computed with under it.</summary>
    internal string FindInstructionSet(Func<string, string?> environment)
    {
        string? Read(string name) => Variables.GetValueOrDefault(name) ?? environment(name);
        return OneDnn.IsOff(Read) ? InstructionSet.WithoutOneDnn : InstructionSet.FindInEffect(Read);
    }

    private string? InstructionLimit => Variables.TryGetValue(Limit, out string? limit) ? limit.ToLowerInvariant() : null;

    private static ArithmeticSetting LimitTo(string instructionSet) =>
        new($"{Limit}={instructionSet}", new Dictionary<string, string>(StringComparer.Ordinal) { [Limit] = instructionSet });

    public override string ToString() => Name;
}
