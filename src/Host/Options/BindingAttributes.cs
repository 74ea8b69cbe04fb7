namespace MerBench.Host.Options;

/// <summary>Marks a record for which a scalar may stand alone: <c>dataset: cues</c> is short for <c>dataset: { use: cues }</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShorthandAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

/// <summary>
/// Marks a record that is made even when some of its keys could not be bound (they are null then), so that checks can go on. Everything
/// that is bound must be nullable.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BindPartiallyAttribute : Attribute;
