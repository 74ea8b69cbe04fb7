using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>One key of an options record.</summary>
public sealed class OptionMember
{
    private readonly PropertyInfo _property;
    private readonly IReadOnlyList<ValidationAttribute> _validators;

    internal OptionMember(
        PropertyInfo property,
        ValueShape shape,
        bool isRequired,
        object? defaultValue,
        string description,
        IReadOnlyList<ValidationAttribute> validators
    )
    {
        (_property, Shape, IsRequired, Default, Description, _validators) = (
            property,
            shape,
            isRequired,
            defaultValue,
            description,
            validators
        );
        Key = KebabCase.Convert(property.Name);
    }

    /// <summary>As written in YAML.</summary>
    public string Key { get; }

    public ValueShape Shape { get; }

    public bool IsRequired { get; }

    /// <summary>The value when the key is left out.</summary>
    public object? Default { get; }

    public string Description { get; }

    internal Type Type => _property.PropertyType;

    /// <summary>What it accepts, for tables; from <see cref="RangeAttribute"/> and the like.</summary>
    public string Range => string.Join(", ", new[] { Shape.Range }.Concat(_validators.Select(RangeOf)).Where(text => text.Length > 0));

    internal object? Bind(Node node, BindingContext context)
    {
        int before = context.Failures;
        object? value = Shape.Bind(node, context);
        if (value is null || context.Failures > before)
            return value;
        if (Complaint(value) is { } complaint)
        {
            string hint = value is string text && Allowed() is { } allowed ? NearestName.Hint(text, allowed) : "";
            context.Report(node.At, $"'{context.Path}': {complaint}", hint);
        }

        return value;
    }

    internal void Set(object instance, object? value) => _property.SetValue(instance, value);

    internal JsonNode? ToJson(object instance, string baseFolder) =>
        _property.GetValue(instance) is { } value ? Shape.ToJson(value, baseFolder) : null;

    /// <summary>What validation attributes say against a value, or null.</summary>
    internal string? Complaint(object value) =>
        _validators.FirstOrDefault(v => !v.IsValid(value)) switch
        {
            null => null,
            // AllowedValuesAttribute sets a message of its own, which names no values.
            var broken when (broken is AllowedValuesAttribute || broken.ErrorMessage is null) && RangeOf(broken) is { Length: > 0 } rule =>
                $"expected {rule}",
            var broken => broken.FormatErrorMessage(Key).TrimEnd('.'),
        };

    internal JsonObject Schema()
    {
        JsonObject schema = Shape.Schema();
        if (Description.Length > 0)
            schema["description"] = Description;
        if (!IsRequired && Default is not null and not System.Collections.ICollection && Shape.ToJson(Default, "/") is JsonValue text)
            schema["default"] = text;
        foreach (ValidationAttribute validator in _validators)
            AddTo(schema, validator);
        return schema;
    }

    private string[]? Allowed() => _validators.OfType<AllowedValuesAttribute>().FirstOrDefault()?.Values.OfType<string>().ToArray();

    private string Units => Type == typeof(string) ? "characters" : "entries";

    private string Span(int least, int most) =>
        least != most
            ? string.Create(CultureInfo.InvariantCulture, $"{least}..{most} {Units}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"exactly {least} {(least == 1 ? Units.Replace("ies", "y", StringComparison.Ordinal).TrimEnd('s') : Units)}"
            );

    private string RangeOf(ValidationAttribute validator) =>
        validator switch
        {
            AllowedValuesAttribute allowed => "one of "
                + string.Join(", ", allowed.Values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))),
            LengthAttribute length => Span(length.MinimumLength, length.MaximumLength),
            MinLengthAttribute least => string.Create(CultureInfo.InvariantCulture, $"at least {least.Length} {Units}"),
            MaxLengthAttribute most => string.Create(CultureInfo.InvariantCulture, $"at most {most.Length} {Units}"),
            StringLengthAttribute text => Span(text.MinimumLength, text.MaximumLength),
            RegularExpressionAttribute pattern => $"text that matches {pattern.Pattern}",
            _ => "",
        };

    private void AddTo(JsonObject schema, ValidationAttribute validator)
    {
        string counted = NameCounted();
        (string least, string most) = ("min" + counted, "max" + counted);
        switch (validator)
        {
            case AllowedValuesAttribute allowed when Type == typeof(string):
                schema["examples"] = new JsonArray([.. allowed.Values.OfType<string>().Select(v => JsonValue.Create(v))]);
                break;
            case LengthAttribute length:
                (schema[least], schema[most]) = (length.MinimumLength, length.MaximumLength);
                break;
            case MinLengthAttribute minimum:
                schema[least] = minimum.Length;
                break;
            case MaxLengthAttribute maximum:
                schema[most] = maximum.Length;
                break;
        }
    }

    // As JSON Schema calls it in minLength, minProperties and minItems.
    private string NameCounted()
    {
        if (Type == typeof(string))
            return "Length";
        ValueShape given = Shape is NullableShape nullable ? nullable.Inner : Shape;
        return given is DictionaryShape ? "Properties" : "Items";
    }
}
