using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MerBench.Models.Vgg;

/// <summary>
/// One dimension of the two maps: <c>B'</c> from six values to six (<see cref="Inward(float*)"/>), <c>A'</c> from six to four
/// (<see cref="Outward(float*)"/>), for <see cref="WinogradTiles.Lanes"/> channels at once.
/// </summary>
internal static unsafe class WinogradTransforms
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (
        Vector256<float> A,
        Vector256<float> B,
        Vector256<float> C,
        Vector256<float> D,
        Vector256<float> E,
        Vector256<float> F
    ) Inward(float* line) =>
        Inward(
            Vector256.Load(line),
            Vector256.Load(line + WinogradTiles.Lanes),
            Vector256.Load(line + (2 * WinogradTiles.Lanes)),
            Vector256.Load(line + (3 * WinogradTiles.Lanes)),
            Vector256.Load(line + (4 * WinogradTiles.Lanes)),
            Vector256.Load(line + (5 * WinogradTiles.Lanes))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) Outward(float* line) =>
        Outward(
            Vector256.Load(line),
            Vector256.Load(line + WinogradTiles.Lanes),
            Vector256.Load(line + (2 * WinogradTiles.Lanes)),
            Vector256.Load(line + (3 * WinogradTiles.Lanes)),
            Vector256.Load(line + (4 * WinogradTiles.Lanes)),
            Vector256.Load(line + (5 * WinogradTiles.Lanes))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (
        Vector256<float> A,
        Vector256<float> B,
        Vector256<float> C,
        Vector256<float> D,
        Vector256<float> E,
        Vector256<float> F
    ) Inward(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, Vector256<float> e, Vector256<float> f)
    {
        Vector256<float> p = e - (c * 4),
            q = d - (b * 4),
            r = e - c,
            s = (d - b) * 2;
        return ((a * 4) - (c * 5) + e, p + q, p - q, r + s, r - s, (b * 4) - (d * 5) + f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) Outward(
        Vector256<float> a,
        Vector256<float> b,
        Vector256<float> c,
        Vector256<float> d,
        Vector256<float> e,
        Vector256<float> f
    )
    {
        Vector256<float> p = b + c,
            q = b - c,
            r = d + e,
            s = d - e;
        return (a + p + r, q + (s * 2), p + (r * 4), q + (s * 8) + f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        float* to,
        int stride,
        (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D, Vector256<float> E, Vector256<float> F) t
    )
    {
        Store(to, stride, (t.A, t.B, t.C, t.D));
        Vector256.Store(t.E, to + (4 * stride));
        Vector256.Store(t.F, to + (5 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, int stride, (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) t)
    {
        Vector256.Store(t.A, to);
        Vector256.Store(t.B, to + stride);
        Vector256.Store(t.C, to + (2 * stride));
        Vector256.Store(t.D, to + (3 * stride));
    }
}
