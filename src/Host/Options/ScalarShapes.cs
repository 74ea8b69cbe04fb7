using System.Globalization;
using System.Text.Json.Nodes;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>A shape whose values are written as one YAML scalar.</summary>
internal abstract class ScalarShape : ValueShape
{
    /// <summary>Editors see variables before they have values: a reference fits everywhere.</summary>
    protected const string VariablePattern = @"\$\{[A-Za-z_]";

    private protected sealed override object? BindCore(Node node, BindingContext context) =>
        node is ScalarNode { IsNull: false } scalar ? Read(scalar, context) : context.Unexpected(node, Expected);

    private protected abstract object? Read(ScalarNode scalar, BindingContext context);
}

internal sealed class BooleanShape : ScalarShape
{
    public override string Name => "bool";

    public override string Expected => "true or false";

    public override JsonNode? ToJson(object? value, string baseFolder) => JsonValue.Create((bool)value!);

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("boolean", "string"), ["pattern"] = VariablePattern };

    private protected override object? Read(ScalarNode scalar, BindingContext context) =>
        (scalar.IsText, scalar.Text) switch
        {
            (false, "true" or "True" or "TRUE") => true,
            (false, "false" or "False" or "FALSE") => false,
            _ => context.Unexpected(scalar, Expected, Hint(scalar.Text.ToLowerInvariant())),
        };

    // YAML 1.1 reads these as truth values, 1.2 as text.
    private static string Hint(string text) =>
        text switch
        {
            "yes" or "on" or "y" or "true" or "1" => "did you mean 'true'?",
            "no" or "off" or "n" or "false" or "0" => "did you mean 'false'?",
            _ => "",
        };
}

internal sealed class IntegerShape(Type type, NumericRange? range) : ScalarShape
{
    public override string Name => "int";

    public override string Expected => range is null ? "a whole number" : $"a whole number {range.Phrase}";

    public override string Range => range?.ToString() ?? "";

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture));

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = new JsonArray("integer", "string"), ["pattern"] = VariablePattern };
        range?.AddTo(schema);
        return schema;
    }

    private protected override object? Read(ScalarNode scalar, BindingContext context)
    {
        if (scalar.IsText)
            return context.Unexpected(scalar, Expected, "leave out the quotes");
        if (
            !NumberText.IsPlain(scalar.Text)
            || !long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        )
            return context.Unexpected(scalar, Expected, NumberText.HintForWhole(scalar.Text));
        bool fits = type == typeof(long) || value is >= int.MinValue and <= int.MaxValue;
        if (!fits || range?.Contains(value) == false)
            return context.Unexpected(scalar, Expected);
        return type == typeof(int) ? (object)(int)value : value;
    }
}

internal sealed class NumberShape(Type type, NumericRange? range) : ScalarShape
{
    public override string Name => "number";

    public override string Expected => range is null ? "a number" : $"a number {range.Phrase}";

    public override string Range => range?.ToString() ?? "";

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        value switch
        {
            float single when float.IsFinite(single) => JsonValue.Create(single),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            IFormattable other => JsonValue.Create(other.ToString(null, CultureInfo.InvariantCulture)),
            _ => null,
        };

    public override JsonObject Schema()
    {
        // Editors read 5e-4 as text: YAML's own rule for numbers wants a decimal point that the core schema does not.
        var schema = new JsonObject
        {
            ["type"] = new JsonArray("number", "string"),
            ["pattern"] = $@"{VariablePattern}|^[-+]?[0-9.]+[eE][-+]?[0-9]+$",
        };
        range?.AddTo(schema);
        return schema;
    }

    private protected override object? Read(ScalarNode scalar, BindingContext context)
    {
        if (scalar.IsText)
            return context.Unexpected(scalar, Expected, "leave out the quotes");
        if (NumberText.IsEndless(scalar.Text))
            return context.Unexpected(scalar, $"{Expected}, finite");
        if (
            !NumberText.IsPlain(scalar.Text)
            || !double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        )
            return context.Unexpected(scalar, Expected, NumberText.Hint(scalar.Text));
        if (!double.IsFinite(value))
            return context.Unexpected(scalar, $"{Expected}, finite");
        if ((type == typeof(float) ? (float)value : value) == 0 && NumberText.IsNotZero(scalar.Text))
            return context.Unexpected(scalar, $"{Expected}, not too small to be told from 0");
        if (range?.Contains(value) == false || (type == typeof(float) && !float.IsFinite((float)value)))
            return context.Unexpected(scalar, Expected);
        return type == typeof(float) ? (object)(float)value : value;
    }
}

internal sealed class DurationShape(NumericRange? range) : ScalarShape
{
    public override string Name => "duration";

    public override string Expected =>
        range is null ? "a duration such as 90s, 30m or 1h30m" : $"a duration such as 90s, 30m or 1h30m, in seconds {range.Phrase}";

    public override string Range => range is null ? "" : $"{range} seconds";

    public override JsonNode? ToJson(object? value, string baseFolder) => JsonValue.Create(Duration.Format((TimeSpan)value!));

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = $"{VariablePattern}|{Duration.Pattern}" };

    private protected override object? Read(ScalarNode scalar, BindingContext context) =>
        Duration.Parse(scalar.Text) is { } value && range?.Contains(value.TotalSeconds) != false
            ? value
            : context.Unexpected(scalar, Expected, NumberText.IsPlain(scalar.Text) ? $"write {scalar.Text}s for seconds" : "");
}

internal sealed class DataSizeShape : ScalarShape
{
    public override string Name => "size";

    public override string Expected => "an amount of memory such as 8 GB or 750 MB";

    public override JsonNode? ToJson(object? value, string baseFolder) => JsonValue.Create(value!.ToString());

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = $"{VariablePattern}|{DataSize.Pattern}" };

    private protected override object? Read(ScalarNode scalar, BindingContext context) =>
        DataSize.Parse(scalar.Text) is { Bytes: > 0 } value
            ? value
            : context.Unexpected(scalar, Expected, NumberText.IsPlain(scalar.Text) ? $"write {scalar.Text} GB for gigabytes" : "");
}

internal sealed class EnumerationShape(Type type) : ScalarShape
{
    private readonly OrderedDictionary<string, object> _values = new(
        Enum.GetNames(type).Select(name => KeyValuePair.Create(KebabCase.Convert(name), Enum.Parse(type, name))),
        StringComparer.Ordinal
    );

    public override string Name => string.Join('|', _values.Keys);

    public override string Expected => _values.Count == 1 ? _values.GetAt(0).Key : $"one of {string.Join(", ", _values.Keys)}";

    public override JsonNode? ToJson(object? value, string baseFolder) => JsonValue.Create(KebabCase.Convert(value!.ToString()!));

    public override JsonObject Schema() =>
        new()
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["enum"] = new JsonArray([.. _values.Keys.Select(k => JsonValue.Create(k))]) },
                new JsonObject { ["type"] = "string", ["pattern"] = VariablePattern }
            ),
        };

    private protected override object? Read(ScalarNode scalar, BindingContext context)
    {
        if (_values.TryGetValue(scalar.Text, out object? value))
            return value;
        return context.Unexpected(
            scalar,
            Expected,
            NearestName.Find(scalar.Text, _values.Keys) is { } near ? $"did you mean '{near}'?" : ""
        );
    }
}
