using System.Text.RegularExpressions;

namespace MerBench.Host.Torch;

/// <summary>The devices that a run is asked to use, as users write them; several share it, a worker process each. Whether they exist is not
/// known yet.</summary>
public sealed partial class DeviceNames
{
    /// <summary>In messages: what a name may be.</summary>
    public const string Expected = "auto, cpu, cuda, cuda:N with the number of a GPU such as cuda:0, or cuda:all";

    /// <summary>What a name looks like, for schemas.</summary>
    public const string Pattern = @"^(auto|cpu|cuda(:(\d{1,4}|all))?)$";

    private DeviceNames(IReadOnlyList<string> names) => Names = names;

    /// <summary>A GPU if there is one, else the CPU.</summary>
    public static DeviceNames Auto { get; } = new(["auto"]);

    public static DeviceNames Cpu { get; } = new(["cpu"]);

    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether it takes a GPU.</summary>
    public bool AreGpus => TypeOf(Names[0]) == "cuda";

    /// <summary>Reads names that are separated by commas.</summary>
    /// <exception cref="UserErrorException">One is no device, or they do not go together.</exception>
    public static DeviceNames Parse(string text)
    {
        string[] names = Split(text);
        return Complaint(names) is { } complaint ? throw new UserErrorException($"{complaint}.") : new DeviceNames(names);
    }

    internal static DeviceNames Create(IReadOnlyList<string> names) => new(names);

    internal static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with names, or null.</summary>
    internal static string? Complaint(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(n => !Name().IsMatch(n)) is { } unknown)
            return $"'{unknown}' is not a device: expected {Expected}";
        if (names.Count > 1 && names.FirstOrDefault(n => n is "auto" or "cuda:all") is { } whole)
            return $"'{whole}' stands for devices by itself, and must stand alone";
        return names.Select(TypeOf).Distinct(StringComparer.Ordinal).Count() > 1
            ? $"'{string.Join(", ", names)}' are devices of two types, whose results differ in rounding: a run uses one type"
            : null;
    }

    public override string ToString() => string.Join(",", Names);

    private static string TypeOf(string name) => name.Split(':')[0];

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
