using MerBench.Host.Torch;

namespace MerBench.Tests.Native;

public sealed class LoadFailureTests
{
    private const string Advice =
        "Unable to load shared library '/app/lib.so' or one of its dependencies. In order to help diagnose loading problems, consider "
        + "using a tool like strace. "
        + "If you're using glibc, consider setting the LD_DEBUG environment variable: \n";

    [TestCase(
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)",
        "libLibTorchSharp.so needs GLIBCXX_3.4.32, and this system's libstdc++ is older. MerBench's own build mends this file, but this "
            + "copy of it is not mended: "
            + "install the package dotnet-merbench, or build from source. Otherwise upgrade the package libstdc++6 to one of GCC 13 "
            + "(Ubuntu 24.04, Debian 13) or later."
    )]
    [TestCase(
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /app/libtorch_cpu.so)",
        "libtorch_cpu.so needs GLIBCXX_3.4.30, and this system's libstdc++ is older. Upgrade the package libstdc++6 to one of GCC 12 "
            + "(Ubuntu 22.04, Debian 12) or later."
    )]
    [TestCase(
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/libc10.so)",
        "libc10.so needs GLIBC_2.38: this system's C library is older. Use a newer release of the system, or a container of one."
    )]
    [TestCase(
        "/app/libLibTorchSharp.so: undefined symbol: _ZN2at4_ops3abs4callERKNS_6TensorE",
        "It lacks a symbol (_ZN2at4_ops3abs4callERKNS_6TensorE), so it is not the libtorch 2.10.x that MerBench needs, or is built with "
            + "another C++ ABI. Use PyTorch or libtorch 2.10.x (cxx11 ABI)."
    )]
    [TestCase(
        "libgomp.so.1: cannot open shared object file: No such file or directory",
        "libgomp.so.1 is missing: install the package libgomp1 (Debian, Ubuntu) or libgomp (Fedora)."
    )]
    [TestCase(
        "libgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory",
        "libgomp-98b21ff3.so.1 is missing, which libtorch brings along: copy the whole folder, not single files."
    )]
    [TestCase(
        "libmkl_rt.so.2: cannot open shared object file: No such file or directory",
        "libmkl_rt.so.2 is missing: install the package that has it, or add its folder to LD_LIBRARY_PATH."
    )]
    [TestCase(
        "/app/libc10.so: wrong ELF class: ELFCLASS32",
        "A library in it is cut off or built for another processor. Install it again, for this system."
    )]
    [TestCase(
        "/app/libc10.so: failed to map segment from shared object",
        "The system's loader says: /app/libc10.so: failed to map segment from shared object"
    )]
    public void What_the_loader_says_becomes_what_to_do(string loaderSays, string explained) =>
        Assert.That(LoadFailure.Explain(Advice + loaderSays + "\n", "2.10.x"), Is.EqualTo(explained));

    [TestCase("libcudnn.so.9")]
    [TestCase("libnvrtc.so.12")]
    [TestCase("libnccl.so.2")]
    [TestCase("libc10_cuda.so")]
    public void Libraries_of_CUDA_are_known_as_such(string library) =>
        Assert.That(
            LoadFailure.Explain($"{library}: cannot open shared object file: No such file or directory", "2.10.x"),
            Does.StartWith($"{library} is missing, a part of CUDA").And.Contain("use a libtorch for CPU")
        );

    // As .NET 10 on Debian 12 says it of a file that is nowhere, one that needs what is not there, and one for a newer system.
    [TestCase("", "libSkiaSharp is missing: install MerBench again.")]
    [TestCase(
        "libfontconfig.so.1: cannot open shared object file: No such file or directory\n",
        "libfontconfig.so.1 is missing: install the package that has it, or add its folder to LD_LIBRARY_PATH."
    )]
    [TestCase(
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/libSkiaSharp.so)\n",
        "libSkiaSharp.so needs GLIBC_2.38: this system's C library is older. Use a newer release of the system, or a container of one."
    )]
    [TestCase("/app/libSkiaSharp.so: file too short\n", "The system's loader says: /app/libSkiaSharp.so: file too short")]
    public void Of_all_places_that_were_searched_what_was_found_is_explained(string found, string explained)
    {
        const string absent = ": cannot open shared object file: No such file or directory\n";
        Assert.That(
            LoadFailure.ExplainSearch("libSkiaSharp", $"{Advice}/dotnet/libSkiaSharp.so{absent}{found}/dotnet/liblibSkiaSharp{absent}"),
            Is.EqualTo(explained)
        );
    }
}
