using System.Reflection;

namespace MerBench.Host.Plugins;

/// <summary>What a plugin's options record must look like, and its defaults.</summary>
internal static class OptionsRecord
{
    /// <summary>Why YAML cannot be bound to a type; null when it can.</summary>
    public static string? Problem(Type type) => RecordProblem(type, []);

    /// <summary>The record with every parameter at its default; false when a parameter has none.</summary>
    public static bool TryCreateDefault(Type type, out object? options)
    {
        ConstructorInfo constructor = type.GetConstructors()[0];
        ParameterInfo[] parameters = constructor.GetParameters();
        var values = new object?[parameters.Length];
        options = null;
        for (int i = 0; i < values.Length; i++)
        {
            if (!parameters[i].HasDefaultValue) return false;
            values[i] = parameters[i].DefaultValue;
        }

        options = constructor.Invoke(values);
        return true;
    }

    private static string? RecordProblem(Type type, HashSet<Type> within)
    {
        if (!type.IsClass || type.IsAbstract || type.ContainsGenericParameters || type == typeof(string) || type.IsArray)
            return $"{type.Name} is not an options record";
        if (!within.Add(type)) return $"{type.Name} contains itself";
        ConstructorInfo[] constructors = type.GetConstructors();
        if (constructors.Length != 1) return $"{type.Name} has {constructors.Length} public constructors; expected one";
        foreach (ParameterInfo parameter in constructors[0].GetParameters())
        {
            if (ValueProblem(parameter.ParameterType, within) is { } problem)
                return $"parameter '{parameter.Name}' of {type.Name}: {problem}";
        }

        within.Remove(type);
        return null;
    }

    private static string? ValueProblem(Type type, HashSet<Type> within)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double)
            || type == typeof(string) || type == typeof(TimeSpan))
            return null;
        if (type.IsArray && type.GetArrayRank() == 1) return ValueProblem(type.GetElementType()!, within);
        if (type.IsGenericType)
        {
            Type definition = type.GetGenericTypeDefinition();
            Type[] arguments = type.GetGenericArguments();
            if (definition == typeof(IReadOnlyList<>)) return ValueProblem(arguments[0], within);
            if (definition == typeof(IReadOnlyDictionary<,>) && arguments[0] == typeof(string)) return ValueProblem(arguments[1], within);
        }

        bool isRecordLike = type.IsClass && !type.IsAbstract && !typeof(Delegate).IsAssignableFrom(type) && type.Assembly != typeof(object).Assembly;
        return isRecordLike
            ? RecordProblem(type, within)
            : $"{type.Name} cannot be bound from YAML; use bool, int, long, double, string, TimeSpan, an enum, a record, an array, IReadOnlyList or IReadOnlyDictionary with string keys";
    }
}
