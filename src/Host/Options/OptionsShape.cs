using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Nodes;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>
/// An options record as YAML sees it: one key for each constructor parameter, and of records with <see cref="BindPropertiesAttribute"/>
/// for each property. Binds strictly, writes canonical JSON and a JSON Schema, and describes itself.
/// </summary>
public sealed class OptionsShape : ValueShape
{
    private static readonly ConcurrentDictionary<Type, OptionsShape> Known = new();

    private readonly ConstructorInfo _constructor;
    private readonly IReadOnlyList<OptionMember?> _slots;
    private readonly IReadOnlyList<OptionMember> _properties;
    private readonly string? _shorthand;
    private readonly bool _isPartial;

    /// <param name="slots">A member for each constructor parameter; null where the parameter takes the place in the file.</param>
    /// <param name="properties">Members that are set on what it made.</param>
    internal OptionsShape(
        Type type,
        ConstructorInfo constructor,
        IReadOnlyList<OptionMember?> slots,
        IReadOnlyList<OptionMember> properties
    )
    {
        (Type, _constructor, _slots, _properties) = (type, constructor, slots, properties);
        Members = [.. slots.OfType<OptionMember>(), .. properties];
        _shorthand = type.GetCustomAttribute<ShorthandAttribute>()?.Key;
        _isPartial = type.IsDefined(typeof(BindPartiallyAttribute), inherit: false);
    }

    public Type Type { get; }

    public IReadOnlyList<OptionMember> Members { get; }

    public override string Name => "mapping";

    public override string Expected => _shorthand is null ? "a mapping" : $"a mapping, or the value of '{_shorthand}' alone";

    internal bool CanBeLeftOut => Members.All(m => !m.IsRequired);

    /// <summary>The shape of a type that is known to be bindable.</summary>
    /// <exception cref="ArgumentException">It is not; the message says why.</exception>
    public static OptionsShape Find(Type type) =>
        TryCreate(type, out OptionsShape? shape, out string? reason) ? shape : throw new ArgumentException(reason, nameof(type));

    /// <summary>Reads the shape of an options type.</summary>
    /// <param name="reason">Why the type cannot be bound, and what to do.</param>
    public static bool TryCreate(Type type, [NotNullWhen(true)] out OptionsShape? shape, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (Known.TryGetValue(type, out shape))
            return true;
        try
        {
            shape = Known.GetOrAdd(type, OptionsReflection.Read(type));
            return true;
        }
        catch (NotBindableException e)
        {
            reason = e.Message;
            return false;
        }
    }

    /// <summary>The instance with every default; null when a key is required, or a default breaks a rule of its own.</summary>
    public object? Default() => CanBeLeftOut ? Bind(null, new SourceLocation("", 0, 0), new BindingContext("/", [])) : null;

    /// <summary>Binds a mapping to an instance.</summary>
    /// <param name="node">The mapping; null stands for an empty one.</param>
    /// <param name="at">The place for problems that have none of their own, such as a missing key.</param>
    /// <returns>The instance, or null when problems were reported.</returns>
    public object? Bind(Node? node, SourceLocation at, BindingContext context) => Bind(node ?? new MappingNode(at, []), context);

    /// <summary>The instance in canonical JSON: kebab-case keys in ordinal order, every default filled in, files as the SHA-256 of their
    /// content.</summary>
    /// <param name="baseFolder">The folder of the benchmark file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string CanonicalJson(object instance, string baseFolder) => ToJson(instance, baseFolder)!.ToJsonString();

    /// <summary>The rows that <c>merbench describe</c> prints; keys of nested records are dotted.</summary>
    public IReadOnlyList<OptionRow> Describe() => [.. Rows("")];

    public override JsonNode ToJson(object? value, string baseFolder) =>
        new JsonObject(
            Members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, m.ToJson(value!, baseFolder)))
        );

    public override JsonObject Schema()
    {
        var mapping = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(Members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Schema()))),
            ["additionalProperties"] = false,
        };
        if (!CanBeLeftOut)
            mapping["required"] = new JsonArray([.. Members.Where(m => m.IsRequired).Select(m => JsonValue.Create(m.Key))]);
        return _shorthand is null
            ? mapping
            : new JsonObject { ["anyOf"] = new JsonArray(Members.First(m => m.Key == _shorthand).Schema(), mapping) };
    }

    private protected override object? BindCore(Node node, BindingContext context)
    {
        if (node is ScalarNode { IsNull: false } scalar && _shorthand is not null)
            node = new MappingNode(node.At, [new MappingEntry(new ScalarNode(node.At, _shorthand), scalar)]);
        if (node is ScalarNode { IsNull: true } && CanBeLeftOut)
            node = new MappingNode(node.At, []);
        if (node is not MappingNode mapping)
            return context.Unexpected(node, Expected);
        int before = context.Failures;
        foreach (ScalarNode key in mapping.Entries.Select(e => e.Key).Where(k => Members.All(m => m.Key != k.Text)))
            context.Report(
                key.At,
                $"unknown key '{key.Text}'",
                NearestName.Hint(key.Text, Members.Select(m => m.Key), "no keys are expected here")
            );
        object?[] arguments = [.. _slots.Select(member => member is null ? node.At : Argument(member, mapping, context))];
        object?[] values = [.. _properties.Select(member => Argument(member, mapping, context))];
        return context.Failures > before && !_isPartial ? null : Construct(arguments, values, mapping, context);
    }

    private static object? Argument(OptionMember member, MappingNode mapping, BindingContext context)
    {
        if (mapping.Find(member.Key) is { } entry)
            return context.Within(member.Key, () => member.Bind(entry.Value, context));
        if (member.IsRequired)
            context.Report(mapping.At, $"missing key '{member.Key}'", $"expected {member.Shape.Expected}");
        return member.Default;
    }

    private object? Construct(object?[] arguments, object?[] values, MappingNode mapping, BindingContext context)
    {
        try
        {
            object instance = _constructor.Invoke(arguments);
            foreach ((OptionMember member, object? value) in _properties.Zip(values))
                member.Set(instance, value);
            return instance is IValidatableObject validatable && !IsValid(validatable, mapping, context) ? null : instance;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            context.Report(mapping.At, $"these options are refused: {GuestText.Message(GuestText.ReadMessage(e.InnerException))}");
            return null;
        }
    }

    private bool IsValid(IValidatableObject instance, MappingNode mapping, BindingContext context)
    {
        int before = context.Failures;
        foreach (ValidationResult result in instance.Validate(new ValidationContext(instance)).Where(r => r is not null))
        {
            Node at =
                result.MemberNames.Select(name => mapping.Find(KebabCase.Convert(name))?.Value).FirstOrDefault(v => v is not null)
                ?? mapping;
            context.Report(at.At, result.ErrorMessage ?? $"{Type.Name} is not valid");
        }

        return context.Failures == before;
    }

    private IEnumerable<OptionRow> Rows(string prefix, string required = "required")
    {
        foreach (OptionMember member in Members)
        {
            ValueShape shape = member.Shape is NullableShape nullable ? nullable.Inner : member.Shape;
            if (shape is OptionsShape nested)
            {
                foreach (
                    OptionRow row in nested.Rows(
                        $"{prefix}{member.Key}.",
                        member.IsRequired ? required : $"required in '{prefix}{member.Key}'"
                    )
                )
                    yield return row;
                continue;
            }

            string standard = member.IsRequired ? required : WriteDefault(member, shape);
            yield return new OptionRow(prefix + member.Key, shape.Name, standard, member.Range, member.Description);
            if (shape is DictionaryShape { Element: OptionsShape each })
                foreach (OptionRow row in each.Rows($"{prefix}{member.Key}.*.", $"required in '{prefix}{member.Key}.*'"))
                    yield return row;
        }
    }

    private static string WriteDefault(OptionMember member, ValueShape shape) =>
        member.Default is null ? "none" : Text(shape.ToJson(member.Default, "/"));

    private static string Text(JsonNode? json) =>
        json is JsonValue value && value.TryGetValue(out string? text) ? text : json?.ToJsonString() ?? "none";
}

/// <summary>One row of <c>merbench describe</c>; texts are plain and may be empty.</summary>
public sealed record OptionRow(string Key, string Type, string Default, string Range, string Description);
