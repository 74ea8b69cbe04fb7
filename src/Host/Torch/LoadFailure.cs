using System.Text.RegularExpressions;

namespace MerBench.Host.Torch;

/// <summary>Turns what the system's loader says about a library into what is wrong and what to do.</summary>
internal static partial class LoadFailure
{
    /// <summary>Explains a failed load.</summary>
    /// <param name="loaderSays">The loader's own message.</param>
    /// <param name="needed">The version of libtorch that MerBench needs.</param>
    public static string Explain(string loaderSays, string needed)
    {
        if (Match(MissingVersion(), loaderSays) is { } version)
            return ExplainVersion(version.Groups["version"].Value, version.Groups["by"].Value);
        if (Match(UndefinedSymbol(), loaderSays) is { } symbol)
            return $"It lacks a symbol ({symbol.Groups["symbol"].Value}), so it is not the libtorch {needed} that MerBench needs, or is "
                + $"built with another C++ ABI. "
                + $"Use PyTorch or libtorch {needed} (cxx11 ABI).";
        if (Match(MissingFile(), loaderSays) is { } file && !IsForAnotherProcessor(file.Groups["file"].Value))
            return ExplainMissing(Path.GetFileName(file.Groups["file"].Value));
        if (Match(MissingFile(), loaderSays) is not null || WrongFormat().IsMatch(loaderSays))
            return "A library in it is cut off or built for another processor. Install it again, for this system.";
        return $"The system's loader says: {FirstLine(loaderSays)}";
    }

    /// <summary>Explains why .NET could not load a library that it looked for in many places, none of libtorch's. Places where nothing was
    /// say nothing.</summary>
    /// <param name="library">The library's name without extension.</param>
    /// <param name="loaderSays">.NET's message: general advice, then a line for each place.</param>
    public static string ExplainSearch(string library, string loaderSays)
    {
        string[] lines = loaderSays.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? found = lines
            .Skip(1)
            .FirstOrDefault(l =>
                Match(MissingFile(), l) is not { } file
                || !Path.GetFileName(file.Groups["file"].Value).Contains(library, StringComparison.Ordinal)
            );
        if (found is null)
            return lines.Length > 1 ? $"{library} is missing: install MerBench again." : loaderSays.Trim();
        if (Match(MissingVersion(), found) is { } version)
            return ExplainVersion(version.Groups["version"].Value, version.Groups["by"].Value);
        return Match(MissingFile(), found) is { } missing
            ? ExplainMissing(Path.GetFileName(missing.Groups["file"].Value))
            : $"The system's loader says: {found}";
    }

    /// <summary>The function that the loader did not find, or null when it complains about something else.</summary>
    public static string? MissingSymbol(string loaderSays) => Match(UndefinedSymbol(), loaderSays)?.Groups["symbol"].Value;

    // The system's loader passes over libraries for other processors as if they were not there.
    private static bool IsForAnotherProcessor(string file) => Path.IsPathRooted(file) && File.Exists(file);

    private static string ExplainVersion(string version, string by)
    {
        string who = Path.GetFileName(by);
        if (version.StartsWith("GLIBC_", StringComparison.Ordinal))
            return $"{who} needs {version}: this system's C library is older. Use a newer release of the system, or a container of one.";
        bool isShim = who.Contains("LibTorchSharp", StringComparison.Ordinal);
        return $"{who} needs {version}, and this system's libstdc++ is older. "
            + (
                isShim
                    ? "MerBench's own build mends this file, but this copy of it is not mended: install the package dotnet-merbench, or "
                        + "build from source. Otherwise upgrade "
                    : "Upgrade "
            )
            + $"the package libstdc++6 to one of {CompilerOf(version)} or later.";
    }

    private static string CompilerOf(string version) =>
        version switch
        {
            "GLIBCXX_3.4.29" => "GCC 11 (Ubuntu 22.04, Debian 12)",
            "GLIBCXX_3.4.30" => "GCC 12 (Ubuntu 22.04, Debian 12)",
            "GLIBCXX_3.4.31" or "GLIBCXX_3.4.32" => "GCC 13 (Ubuntu 24.04, Debian 13)",
            "GLIBCXX_3.4.33" => "GCC 14 (Ubuntu 24.04, Debian 13)",
            _ => $"a GCC that provides {version}",
        };

    private static string ExplainMissing(string file)
    {
        if (file.StartsWith("libgomp", StringComparison.Ordinal))
            return file.Contains('-', StringComparison.Ordinal)
                ? $"{file} is missing, which libtorch brings along: copy the whole folder, not single files."
                : $"{file} is missing: install the package libgomp1 (Debian, Ubuntu) or libgomp (Fedora).";
        if (CudaLibrary().IsMatch(file))
            return $"{file} is missing, a part of CUDA: this libtorch is built for CUDA. Install the NVIDIA driver and the CUDA "
                + $"libraries of its version "
                + "(pip installs them beside torch as nvidia-* packages), add their folders to LD_LIBRARY_PATH, or use a libtorch for CPU.";
        return $"{file} is missing: install the package that has it, or add its folder to LD_LIBRARY_PATH.";
    }

    private static Match? Match(Regex pattern, string text) => pattern.Match(text) is { Success: true } match ? match : null;

    // .NET puts a paragraph of general advice before the loader's own words.
    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [_, var second, ..]
            ? second
            : text.Trim();

    [GeneratedRegex(
        @"version [`'](?<version>\w+_[\d.]+)' not found(?: \(required by (?<by>[^)]+)\))?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"undefined symbol: (?<symbol>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UndefinedSymbol();

    [GeneratedRegex(
        "^(?<file>[^:\n]+): cannot open shared object file: No such file",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex MissingFile();

    [GeneratedRegex(
        "invalid ELF header|wrong ELF class|file too short|Exec format error|incompatible architecture|ELF load command",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex WrongFormat();

    [GeneratedRegex("^lib(cu|nv|nccl)|^libc10_cuda|^libtorch_cuda", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CudaLibrary();
}
