namespace MerBench.Host.Torch;

/// <summary>Who named the folder that libtorch is taken from.</summary>
public enum LibTorchOrigin
{
    /// <summary>The option <c>--libtorch</c>.</summary>
    Option,

    /// <summary>The environment variable <c>MERBENCH_LIBTORCH</c>.</summary>
    Environment,

    /// <summary>Nobody: the libtorch that came with the application.</summary>
    Bundled,
}

/// <summary>A folder that holds libtorch's libraries. Finding one looks at file names and loads nothing.</summary>
/// <param name="Path">Absolute path of the folder in which the libraries lie.</param>
/// <param name="Origin">Who named it.</param>
public sealed record LibTorchFolder(string Path, LibTorchOrigin Origin)
{
    /// <summary>Names a libtorch when the option does not.</summary>
    public const string Variable = "MERBENCH_LIBTORCH";

    /// <summary>The folder beside the application in which a libtorch of its own lies apart from what .NET probes.</summary>
    public const string BundledName = "libtorch";

    private static readonly string[] Needed = ["c10", "torch_cpu", "torch"];

    /// <summary>How messages name the choice, for example <c>--libtorch /opt/libtorch/lib</c>.</summary>
    public string Description =>
        Origin switch
        {
            LibTorchOrigin.Option => $"--libtorch {Path}",
            LibTorchOrigin.Environment => $"{Variable}={Path}",
            _ => $"the bundled libtorch in {Path}",
        };

    /// <summary>Whether it brings the CUDA backend.</summary>
    public bool HasCuda => File.Exists(PathOf("torch_cuda"));

    /// <summary>The path that one of its libraries has or would have.</summary>
    /// <param name="library">A plain name such as <c>torch_cpu</c>.</param>
    public string PathOf(string library) => System.IO.Path.Combine(Path, NativeFile.Name(library));

    /// <summary>Finds the folder by precedence: option, then environment, then bundled.</summary>
    /// <param name="option">The value of <c>--libtorch</c>, or null.</param>
    /// <returns>The folder, or null when nothing is named and nothing is bundled.</returns>
    /// <exception cref="UserErrorException">The named folder holds no libtorch (<see cref="ErrorKind.Environment"/>).</exception>
    public static LibTorchFolder? Find(string? option)
    {
        if (!string.IsNullOrWhiteSpace(option))
            return ChosenByUser(option, LibTorchOrigin.Option);
        string? variable = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(variable))
            return ChosenByUser(variable, LibTorchOrigin.Environment);
        string? bundled = NativeFile.ApplicationFolders(BundledName).FirstOrDefault(folder => Missing(folder).Length == 0);
        return bundled is null ? null : new LibTorchFolder(bundled, LibTorchOrigin.Bundled);
    }

    /// <summary>The folder that the option or the variable names, whatever is in it; null where neither does.</summary>
    internal static string? FindNamed(string? option)
    {
        string? named = string.IsNullOrWhiteSpace(option) ? Environment.GetEnvironmentVariable(Variable) : option;
        return string.IsNullOrWhiteSpace(named) ? null : System.IO.Path.GetFullPath(named);
    }

    // People name the folder of the libraries, an unpacked libtorch, or pip's 'torch' package: the latter two keep them in 'lib'.
    private static LibTorchFolder ChosenByUser(string path, LibTorchOrigin origin)
    {
        string folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)),
            inside = System.IO.Path.Combine(folder, "lib");
        if (Missing(folder).Length == 0)
            return new LibTorchFolder(folder, origin);
        if (Missing(inside).Length == 0)
            return new LibTorchFolder(inside, origin);

        string named = origin == LibTorchOrigin.Option ? $"--libtorch {path}" : $"The environment variable {Variable}={path}";
        string wrong = Directory.Exists(folder)
            ? $"has no {string.Join(", ", Missing(folder))} in it"
            : "names a folder that does not exist";
        string mend = origin == LibTorchOrigin.Option ? "leave the option out" : "clear the variable";
        throw new UserErrorException(
            $"{named} {wrong}. Name the folder that holds libtorch's libraries, such as site-packages/torch/lib of a PyTorch "
                + $"installed with "
                + $"pip, or {mend} to use the libtorch that comes with MerBench.",
            ErrorKind.Environment
        );
    }

    private static string[] Missing(string folder) =>
        [.. Needed.Select(NativeFile.Name).Where(name => !File.Exists(System.IO.Path.Combine(folder, name)))];
}
