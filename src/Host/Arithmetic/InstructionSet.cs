using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Instruction sets that oneDNN, libtorch's library of convolutions, tells apart on x86, from the smallest to the largest. Its variable
/// <c>ONEDNN_MAX_CPU_ISA</c> takes these names in capitals as an upper limit.
/// </summary>
internal static class InstructionSet
{
    /// <summary>The variables that set the limit; the first one wins.</summary>
    public static readonly IReadOnlyList<string> Variables = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"];

    /// <summary>What stands for oneDNN switched off: libtorch's own kernels compute.</summary>
    public const string WithoutOneDnn = "libtorch's own kernels";

    private static readonly string[] Known =
    [
        "sse41",
        "avx",
        "avx2",
        "avx2_vnni",
        "avx2_vnni_2",
        "avx512_core",
        "avx512_core_vnni",
        "avx512_core_bf16",
        "avx512_core_fp16",
        "avx512_core_amx",
        "avx512_core_amx_fp16",
    ];

    /// <summary>The largest one of this processor.</summary>
    public static string OfProcessor { get; } = FindLargest();

    /// <summary>What oneDNN computes with, given its variables.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public static string FindInEffect(Func<string, string?> environment)
    {
        string? limit = Variables.Select(environment).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))?.Trim().ToLowerInvariant();
        return limit is not null && Rank(limit) >= 0 && Rank(limit) < Rank(OfProcessor) ? limit : OfProcessor;
    }

    /// <summary>Whether one is smaller than another; false where either is no instruction set of x86.</summary>
    public static bool IsSmaller(string one, string other) => Rank(one) >= 0 && Rank(one) < Rank(other);

    /// <summary>Whether bfloat16 is computed by instructions for it, or by those that load and store it at the speed of float32.</summary>
    public static bool HasBFloat16(string instructionSet) =>
        instructionSet.StartsWith("avx512", StringComparison.Ordinal) || instructionSet is "arm64";

    private static int Rank(string name) => Array.IndexOf(Known, name);

    private static string FindLargest()
    {
        if (!X86Base.IsSupported)
            return RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported)
            return FindLargestOfAvx512();
        if (!Avx2.IsSupported)
            return Avx.IsSupported ? "avx" : "sse41";
        if (!AvxVnni.IsSupported)
            return "avx2";
        (_, _, _, int edx) = Features(1);
        bool hasVnni2 = IsSet(edx, 4) && IsSet(edx, 5);
        return hasVnni2 ? "avx2_vnni_2" : "avx2_vnni";
    }

    // CPUID leaf 7: AVX512-VNNI is bit 11 of ecx, AVX512-FP16, AMX-BF16 and AMX-INT8 are bits 23, 22 and 25 of edx; subleaf 1:
    // AVX512-BF16 is bit 5 of eax, AMX-FP16 bit 21.
    private static string FindLargestOfAvx512()
    {
        (_, _, int ecx, int edx) = Features(0);
        (int eax, _, _, _) = Features(1);
        if (!IsSet(ecx, 11))
            return "avx512_core";
        if (!IsSet(eax, 5))
            return "avx512_core_vnni";
        if (!IsSet(edx, 23))
            return "avx512_core_bf16";
        if (!IsSet(edx, 22) || !IsSet(edx, 25))
            return "avx512_core_fp16";
        return IsSet(eax, 21) ? "avx512_core_amx_fp16" : "avx512_core_amx";
    }

    private static (int Eax, int Ebx, int Ecx, int Edx) Features(int subleaf) =>
        X86Base.CpuId(0, 0).Eax < 7 ? default : X86Base.CpuId(7, subleaf);

    private static bool IsSet(int register, int bit) => (register >> bit & 1) != 0;
}
