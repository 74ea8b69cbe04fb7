using System.Runtime.CompilerServices;

namespace MerBench.Host.Tests.Native;

/// <summary>An object with an action for a finalizer.</summary>
internal sealed class Finalizable(Action action)
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Leave(Action action) => _ = new Finalizable(action);

#pragma warning disable MA0055 // The finalizer is what is tested.
    ~Finalizable() => action();
#pragma warning restore MA0055
}
