using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using MerBench.Host.Text;
using MerBench.Host.Torch;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

/// <summary>Says why a type cannot be bound; never leaves <see cref="OptionsShape.TryCreate"/>.</summary>
internal sealed class NotBindableException(string message) : Exception(message);

/// <summary>Reads options records by reflection.</summary>
internal sealed class OptionsReflection
{
    private const string Supported =
        "supported are bool, int, long, float, double, string, TimeSpan, enums, options records, AttackChoice, CorruptionChoice, lists and "
        + "arrays of these, and dictionaries with string keys";

    private readonly NullabilityInfoContext _nullability = new();
    private readonly Stack<Type> _enclosing = new();

    public static OptionsShape Read(Type type) => new OptionsReflection().Record(type);

    private OptionsShape Record(Type type)
    {
        if (_enclosing.Contains(type))
            throw new NotBindableException($"options type {type.Name} contains itself; an options record must end somewhere");
        if (!type.IsClass || type.IsAbstract || type.ContainsGenericParameters)
            throw new NotBindableException(
                $"options type {type.Name} must be a record (a class that is neither abstract nor an open generic)"
            );
        ConstructorInfo[] constructors = type.GetConstructors();
        if (constructors.Length != 1)
            throw new NotBindableException(
                $"options type {type.Name} has {constructors.Length} public constructors; it must have exactly one, whose parameters are "
                    + $"the options"
            );
        _enclosing.Push(type);
        var slots = constructors[0]
            .GetParameters()
            .Select(p => p.ParameterType == typeof(SourceLocation) ? null : Member(type, p))
            .ToList();
        List<OptionMember> properties = [.. Properties(type, constructors[0]).Select(p => Member(type, p))];
        _enclosing.Pop();
        IEnumerable<OptionMember> members = slots.OfType<OptionMember>().Concat(properties);
        if (members.GroupBy(m => m.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new NotBindableException($"two parameters of options type {type.Name} are both written '{twice.Key}' in YAML");
        return new OptionsShape(type, constructors[0], slots, properties);
    }

    private static IEnumerable<PropertyInfo> Properties(Type type, ConstructorInfo constructor) =>
        type.IsDefined(typeof(BindPropertiesAttribute), inherit: false)
            ? type.GetProperties().Where(p => p.CanWrite).ExceptBy(constructor.GetParameters().Select(c => c.Name), p => p.Name)
            : [];

    private OptionMember Member(Type type, ParameterInfo parameter)
    {
        string where = $"parameter '{parameter.Name}' of options type {type.Name}";
        PropertyInfo property =
            type.GetProperty(parameter.Name!, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            ?? throw new NotBindableException(
                $"{where} has no public property of the same name, from which its value can be read; make the type a record"
            );
        if (property.PropertyType != parameter.ParameterType)
            throw new NotBindableException($"{where} has another type than the property of the same name");
        Attribute[] attributes = [.. parameter.GetCustomAttributes(), .. property.GetCustomAttributes()];
        return Member(property, where, attributes, _nullability.Create(parameter), (shape, given) => Default(parameter, shape, given));
    }

    private static PathRule FindPathRule(Attribute[] attributes)
    {
        if (attributes.OfType<FilePathAttribute>().Any())
            return new PathRule(PathKind.File);
        return attributes.OfType<DirectoryPathAttribute>().FirstOrDefault() is { } folder
            ? new PathRule(PathKind.Folder, folder.Files)
            : new PathRule(PathKind.None);
    }

    private OptionMember Member(Type type, PropertyInfo property)
    {
        string where = $"property '{property.Name}' of options type {type.Name}";
        NullabilityInfo nullability = _nullability.Create(property);
        return nullability.ReadState == NullabilityState.Nullable
            ? Member(property, where, [.. property.GetCustomAttributes()], nullability, (_, given) => (given, null))
            : throw new NotBindableException($"{where} must be nullable; null says that it was left out");
    }

    private OptionMember Member(
        PropertyInfo property,
        string where,
        Attribute[] attributes,
        NullabilityInfo nullability,
        Func<ValueShape, bool, (bool IsRequired, object? Default)> findDefault
    )
    {
        List<ValidationAttribute> validators = [.. attributes.OfType<ValidationAttribute>()];
        var leaf = new Leaf(where, FindPathRule(attributes), validators.OfType<RangeAttribute>().FirstOrDefault());
        ValueShape shape = Shape(property.PropertyType, nullability, leaf);
        bool mustBeGiven = validators.RemoveAll(v => v is RequiredAttribute) > 0;
        if (mustBeGiven && shape is NullableShape nullable)
            shape = nullable.Inner;
        validators.RemoveAll(v => v is RangeAttribute);
        (bool isRequired, object? standard) = findDefault(shape, mustBeGiven);
        string description = attributes.OfType<DescriptionAttribute>().FirstOrDefault()?.Description ?? "";
        var member = new OptionMember(property, shape, isRequired, standard, description, validators);
        CheckDefault(member, leaf, where);
        return member;
    }

    private static (bool IsRequired, object? Default) Default(ParameterInfo parameter, ValueShape shape, bool mustBeGiven)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (mustBeGiven)
            return (true, null);
        if (!parameter.HasDefaultValue)
        {
            // A nested record that needs nothing may be left out.
            if (shape is not OptionsShape { CanBeLeftOut: true } nested)
                return (true, null);
            var context = new BindingContext("/", []);
            return nested.Bind(new MappingNode(default, []), context) is { } instance ? (false, instance) : (true, null);
        }

        object? value = parameter.DefaultValue;
        if (value is null)
            return (false, parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
        return (false, type.IsEnum ? Enum.ToObject(type, value) : value);
    }

    private static void CheckDefault(OptionMember member, Leaf leaf, string where)
    {
        if (member.Default is null)
            return;
        string? complaint = member.Complaint(member.Default);
        double? number = member.Default switch
        {
            TimeSpan duration => duration.TotalSeconds,
            int or long or float or double => Convert.ToDouble(member.Default, System.Globalization.CultureInfo.InvariantCulture),
            _ => null,
        };
        if (leaf.Range is { } range && number is { } n && !range.Contains(n))
            complaint = $"it is not {range.Phrase}";
        if (complaint is not null)
            throw new NotBindableException($"the default of {where} breaks its own rule: {complaint}");
    }

    private ValueShape Shape(Type type, NullabilityInfo nullability, Leaf leaf)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return new NullableShape(NotNull(underlying, nullability, leaf));
        ValueShape shape = NotNull(type, nullability, leaf);
        return !type.IsValueType && nullability.ReadState != NullabilityState.NotNull ? new NullableShape(shape) : shape;
    }

    private ValueShape NotNull(Type type, NullabilityInfo nullability, Leaf leaf)
    {
        if (type.IsArray && type.GetArrayRank() == 1)
            return new ListShape(type.GetElementType()!, isArray: true, Shape(type.GetElementType()!, nullability.ElementType!, leaf));
        if (type.IsGenericType)
            return Generic(type, nullability, leaf);
        if (leaf.Range is not null && !IsNumeric(type))
            throw new NotBindableException($"{leaf.Where} has [Range], which fits numbers and durations only");
        if (leaf.Path.Kind != PathKind.None && type != typeof(string))
            throw new NotBindableException($"{leaf.Where} is marked as a path, and must be a string");
        return type switch
        {
            _ when type == typeof(bool) => new BooleanShape(),
            _ when type == typeof(int) || type == typeof(long) => new IntegerShape(type, leaf.Range),
            _ when type == typeof(double) || type == typeof(float) => new NumberShape(type, leaf.Range),
            _ when type == typeof(string) => new TextShape(leaf.Path),
            _ when type == typeof(TimeSpan) => new DurationShape(leaf.Range),
            _ when type == typeof(DataSize) => new DataSizeShape(),
            { IsEnum: true } => new EnumerationShape(type),
            _ when type == typeof(Node) => new UnboundShape(),
            _ when type == typeof(AttackChoice) => new AttackShape(),
            _ when type == typeof(CorruptionChoice) => new CorruptionShape(),
            _ when type == typeof(DeviceNames) => new DevicesShape(),
            _ when type.IsClass && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true => Record(type),
            _ => throw Unsupported(type, leaf),
        };
    }

    private ValueShape Generic(Type type, NullabilityInfo nullability, Leaf leaf)
    {
        Type definition = type.GetGenericTypeDefinition();
        Type[] arguments = type.GetGenericArguments();
        if (definition == typeof(Located<>))
            return new LocatedShape(type, Shape(arguments[0], nullability.GenericTypeArguments[0], leaf));
        if (type.IsAssignableFrom(typeof(List<>).MakeGenericType(arguments[0])))
            return new ListShape(arguments[0], isArray: false, Shape(arguments[0], nullability.GenericTypeArguments[0], leaf));
        if (
            arguments.Length == 2
            && arguments[0] == typeof(string)
            && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments))
        )
            return new DictionaryShape(
                arguments[1],
                definition == typeof(Dictionary<,>),
                Shape(arguments[1], nullability.GenericTypeArguments[1], leaf)
            );
        throw Unsupported(type, leaf);
    }

    private static bool IsNumeric(Type type) =>
        type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(float) || type == typeof(TimeSpan);

    private static NotBindableException Unsupported(Type type, Leaf leaf) =>
        new($"{leaf.Where} has the type {type.Name}, which YAML cannot be bound to; {Supported}");

    /// <summary>What applies to the single values within a parameter, also where it is a list of them.</summary>
    private sealed class Leaf(string where, PathRule path, RangeAttribute? range)
    {
        public string Where => where;

        public PathRule Path => path;

        public NumericRange? Range { get; } = range is null ? null : NumericRange.From(range);
    }
}
