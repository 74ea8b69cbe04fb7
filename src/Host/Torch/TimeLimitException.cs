namespace MerBench.Host.Torch;

/// <summary>Work took longer than it may. A class of its own, as plugins throw <see cref="TimeoutException"/> for what they waited
/// for.</summary>
public sealed class TimeLimitException : Exception;
