using System.Reflection;
using MerBench.Host.Bibliography;
using MerBench.Host.Options;

namespace MerBench.Host.Plugins;

/// <summary>Reads one class that carries a plugin attribute.</summary>
internal static class PluginClass
{
    private static readonly (PluginKind Kind, Type Attribute, Type Interface)[] Kinds =
    [
        (PluginKind.Model, typeof(ModelAttribute), typeof(IModel)),
        (PluginKind.FrontEnd, typeof(FrontEndAttribute), typeof(IFrontEnd)),
        (PluginKind.Attack, typeof(AttackAttribute), typeof(IAttack)),
        (PluginKind.Corruption, typeof(CorruptionAttribute), typeof(ICorruption)),
        (PluginKind.Dataset, typeof(DatasetAttribute), typeof(IDataset)),
        (PluginKind.Metric, typeof(MetricAttribute), typeof(IMetric)),
    ];

    /// <summary>The plugins that a class declares: none, or one for each of its plugin attributes.</summary>
    public static IEnumerable<PluginDescriptor> Read(Type type, string path)
    {
        foreach (CustomAttributeData attribute in type.GetCustomAttributesData())
        {
            foreach ((PluginKind kind, Type attributeType, Type @interface) in Kinds)
            {
                if (attribute.AttributeType == attributeType)
                    yield return Read(type, kind, @interface, attribute, path);
            }
        }
    }

    /// <summary>The plugin interface that a class implements, if any.</summary>
    public static Type? InterfaceOf(Type type) => Array.Find(Kinds, k => k.Interface.IsAssignableFrom(type) && !type.IsAbstract).Interface;

    /// <summary>Whether a class implements an interface that is called like one of the contract but is another: a private copy of the
    /// contract.</summary>
    public static bool ImplementsLookalike(Type type)
    {
        foreach (Type implemented in type.GetInterfaces())
            if (Array.Exists(Kinds, k => k.Interface.FullName == implemented.FullName && k.Interface != implemented))
                return true;
        return false;
    }

    private static PluginDescriptor Read(Type type, PluginKind kind, Type @interface, CustomAttributeData attribute, string path)
    {
        string id = attribute.ConstructorArguments[0].Value as string ?? "";
        var descriptor = new PluginDescriptor(
            kind,
            id,
            Named(attribute, nameof(PluginAttribute.Summary)),
            Named(attribute, nameof(PluginAttribute.Source)),
            path,
            PluginState.Ready
        )
        {
            LabelPreserving = Argument(attribute, nameof(CorruptionAttribute.LabelPreserving)) is not false,
            Knowledge = Argument(attribute, nameof(AttackAttribute.Knowledge)) is int knowledge
                ? (AttackKnowledge)knowledge
                : AttackKnowledge.Gradients,
            IsIterative = Argument(attribute, nameof(AttackAttribute.IsIterative)) is not false,
            MinimisesNorm = Argument(attribute, nameof(AttackAttribute.MinimisesNorm)) is true,
            FillsChannelBlocks = Argument(attribute, nameof(ModelAttribute.FillsChannelBlocks)) is true,
            RunsForeignCode = Argument(attribute, nameof(ModelAttribute.RunsForeignCode)) is true,
            Metric = kind == PluginKind.Metric ? DescribeMetric(id, attribute) : null,
            References =
            [
                .. type.GetCustomAttributesData()
                    .Where(a => a.AttributeType == typeof(ReferenceAttribute))
                    .Select(a => new PluginReference(
                        a.ConstructorArguments[0].Value as string ?? "",
                        Named(a, nameof(ReferenceAttribute.Option))
                    )),
            ],
        };
        if (!IsKebabCase(id))
            return Bad(PluginState.NotAPlugin, $"its id '{id}' is not in kebab-case (lower-case letters, digits and single dashes)");
        if (descriptor.Metric?.Objectives.FirstOrDefault(o => !IsObjective(o)) is { } unknown)
            return Bad(
                PluginState.NotAPlugin,
                $"names the objective '{unknown}'; expected {string.Join(", ", Objective.Names)}, or a direction such as '+valence'"
            );
        if (!@interface.IsAssignableFrom(type))
            return Bad(PluginState.NotAPlugin, $"carries [{kind}] but does not implement {@interface.Name}");
        if (type.IsAbstract || type.ContainsGenericParameters)
            return Bad(PluginState.NotAPlugin, "is abstract or generic, so that it cannot be created");

        ConstructorInfo[] constructors = type.GetConstructors();
        if (constructors.Length != 1)
            return Bad(
                PluginState.BadOptionsType,
                $"has {constructors.Length} public constructors; expected one that takes nothing or one options record"
            );
        ParameterInfo[] parameters = constructors[0].GetParameters();
        if (parameters.Length > 1)
            return Bad(
                PluginState.BadOptionsType,
                $"its constructor takes {parameters.Length} parameters; expected nothing or one options record"
            );
        Type? optionsType = parameters.Length == 1 ? parameters[0].ParameterType : null;
        OptionsShape? options = null;
        if (optionsType is not null && !OptionsShape.TryCreate(optionsType, out options, out string? problem))
            return Bad(PluginState.BadOptionsType, problem);

        descriptor = descriptor with { Type = type, OptionsType = optionsType };
        return ConstructionProblem(descriptor, options) is { } failure ? Bad(failure.State, failure.Reason) : descriptor;

        PluginDescriptor Bad(PluginState state, string reason) =>
            descriptor with
            {
                State = state,
                Reason = $"{type.FullName}: {reason}",
                Type = null,
                OptionsType = null,
            };
    }

    private static MetricDescription DescribeMetric(string id, CustomAttributeData attribute)
    {
        var unnamed = MetricDescription.FromId(id);
        return new MetricDescription(
            id,
            Named(attribute, nameof(MetricAttribute.Name)) is { Length: > 0 } name ? name : unnamed.Name,
            Named(attribute, nameof(MetricAttribute.Symbol)) is { Length: > 0 } symbol ? symbol : unnamed.Symbol
        )
        {
            IsHeadline = Argument(attribute, nameof(MetricAttribute.IsHeadline)) is true,
            Objectives = Argument(attribute, nameof(MetricAttribute.Objectives)) is IEnumerable<CustomAttributeTypedArgument> objectives
                ? [.. objectives.Select(o => o.Value as string ?? "")]
                : [],
        };
    }

    private static bool IsObjective(string name) =>
        Objective.Names.Contains(name, StringComparer.Ordinal) || name.StartsWith('+') || name.StartsWith('-');

    private static (PluginState State, string Reason)? ConstructionProblem(PluginDescriptor plugin, OptionsShape? shape)
    {
        try
        {
            object? options = shape?.Default();
            if (shape is not null && options is null)
                return null;
            (plugin.Create(options) as IDisposable)?.Dispose();
            return null;
        }
        catch (Exception e) when (LoadProblem.Unwrap(e) is PluginUserException)
        {
            return null; // It refuses its defaults, as it may: they are the user's to set.
        }
        catch (Exception e)
        {
            return LoadProblem.Explain(e, PluginState.ThrewInConstructor, "its constructor threw with default options");
        }
    }

    private static string Named(CustomAttributeData attribute, string name) => Argument(attribute, name) as string ?? "";

    private static object? Argument(CustomAttributeData attribute, string name)
    {
        foreach (CustomAttributeNamedArgument argument in attribute.NamedArguments)
            if (argument.MemberName == name)
                return argument.TypedValue.Value;
        return null;
    }

    private static bool IsKebabCase(string id)
    {
        for (int i = 0; i < id.Length; i++)
        {
            bool isLetter = char.IsAsciiLetterLower(id[i]) || char.IsAsciiDigit(id[i]);
            bool isInnerDash = id[i] == '-' && i > 0 && i < id.Length - 1 && id[i - 1] != '-';
            if (!isLetter && !isInnerDash)
                return false;
        }

        return id.Length > 0;
    }
}
