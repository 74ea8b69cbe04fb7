/// <summary>
/// A snapshot does not hold. In no namespace, and with a message that begins with <c>Directory:</c>, as the exceptions of Verify: plugins
/// of IDEs read it, and offer to compare and accept.
/// </summary>
#pragma warning disable CA1050, MA0047 // No namespace: see above.
public sealed class VerifyException(string message) : Exception(message);
#pragma warning restore CA1050, MA0047
