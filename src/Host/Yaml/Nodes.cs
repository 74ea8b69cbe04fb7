using MerBench.Host.Text;

namespace MerBench.Host.Yaml;

/// <summary>
/// A node of a YAML document with its place. Anchors, merge keys and variables are already resolved; unlike YamlDotNet's own nodes,
/// a document with repeated keys or unknown anchors still has nodes, so that all its problems can be shown at once.
/// </summary>
public abstract record Node(SourceLocation At)
{
    /// <summary>What it is, for messages: <c>a list</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value.</summary>
/// <param name="IsText">True when quotes or a tag say that this is text even if it looks like a number.</param>
public sealed record ScalarNode(SourceLocation At, string Text, bool IsText = false) : Node(At)
{
    public bool IsNull => !IsText && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind =>
        this switch
        {
            { IsNull: true } => "nothing",
            { IsText: true } => $"the text \"{GuestText.Name(Text)}\"",
            _ => $"'{GuestText.Name(Text)}'",
        };
}

/// <summary>A list.</summary>
public sealed record ListNode(SourceLocation At, IReadOnlyList<Node> Items) : Node(At)
{
    public override string Kind => "a list";
}

/// <summary>A key and its value.</summary>
public sealed record MappingEntry(ScalarNode Key, Node Value);

/// <summary>A mapping with distinct keys, in the order of the file; merged keys come last.</summary>
public sealed record MappingNode(SourceLocation At, IReadOnlyList<MappingEntry> Entries) : Node(At)
{
    public override string Kind => "a mapping";

    public MappingEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key.Text == key);
}

/// <summary>A value that could not be resolved; its problem is already reported, and whoever reads it stays silent.</summary>
public sealed record BrokenNode(SourceLocation At) : Node(At)
{
    public override string Kind => "an unresolved value";
}
