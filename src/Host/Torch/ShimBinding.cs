using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;

namespace MerBench.Host.Torch;

/// <summary>
/// Loads a shim that a user built, and finds out whether it fits before anything is called: all functions of libtorch that it calls are
/// bound at once, where the system usually binds each at its first call and ends the
/// process when it is not there; and all functions that TorchSharp calls must be in it. What cannot be found out is whether it was compiled
/// with the headers of this very libtorch.
/// </summary>
internal static partial class ShimBinding
{
    private const int BindNow = 2;

    /// <exception cref="UserErrorException">It does not fit; the message says what is missing
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    public static void Load(ShimLibrary shim, LibTorchFolder folder, Version? libtorch)
    {
        // Binding dlerror itself would forget what it has to say.
        if (OperatingSystem.IsLinux())
            _ = Error();
        nint library = OperatingSystem.IsLinux() ? Open(shim.Path, BindNow) : LoadElsewhere(shim, folder, libtorch);
        if (library == 0)
            throw Unfit(shim, folder, libtorch, Marshal.PtrToStringUTF8(Error()) ?? "no reason given");
        string[] missing =
        [
            .. Called().Where(function => !NativeLibrary.TryGetExport(library, function, out _)).Except(Dead(), StringComparer.Ordinal),
        ];
        if (missing.Length == 0)
            return;
        throw new UserErrorException(
            $"{shim.Description} lacks {missing.Length} function(s) that TorchSharp {TorchSharpVersion} calls, such as {missing[0]}: "
                + $"build it from the source of that version (docs/gpu.md).",
            ErrorKind.Environment
        );
    }

    private static nint LoadElsewhere(ShimLibrary shim, LibTorchFolder folder, Version? libtorch)
    {
        try
        {
            return NativeLibrary.Load(shim.Path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw Unfit(shim, folder, libtorch, e.Message);
        }
    }

    private static string TorchSharpVersion => typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "";

    private static UserErrorException Unfit(ShimLibrary shim, LibTorchFolder folder, Version? libtorch, string loaderSays)
    {
        string what = LoadFailure.MissingSymbol(loaderSays) is { } symbol
            ? $"it calls {symbol}, which this libtorch lacks, so it was built for another one. Build LibTorchSharp against this libtorch "
                + $"(docs/gpu.md)"
            : LoadFailure.Explain(loaderSays, $"{libtorch}").TrimEnd('.');
        return new UserErrorException(
            $"{shim.Description} does not fit {folder.Description}{(libtorch is null ? "" : $", libtorch {libtorch}")}: {what}, or use "
                + $"the shim and libtorch that come with MerBench.",
            ErrorKind.Environment
        );
    }

    // Looking at its methods does not touch libtorch.
    private static IEnumerable<string> Called() =>
        typeof(torch)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            )
            .Select(method => (method.Name, Import: method.GetCustomAttribute<DllImportAttribute>()))
            .Where(m => m.Import?.Value.StartsWith(ShimLibrary.Library, StringComparison.Ordinal) == true)
            .Select(m => m.Import!.EntryPoint ?? m.Name)
            .Distinct(StringComparer.Ordinal);

    // TorchSharp declares some that its own shim does not have.
    private static IEnumerable<string> Dead()
    {
        if (ShimLibrary.OwnPath is not { } own)
            return [];
        byte[] content = File.ReadAllBytes(own);
        return Called().Where(function => content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(function + "\0")) < 0);
    }

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int mode);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    private static partial nint Error();
}
