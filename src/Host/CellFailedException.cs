namespace MerBench.Host;

/// <summary>A cell cannot go on; the message is shown as the cell's result.</summary>
public sealed class CellFailedException(string message, Exception? inner = null) : Exception(message, inner);
