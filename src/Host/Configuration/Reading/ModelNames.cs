using System.Reflection;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Finds the models that options name (<see cref="ModelNameAttribute"/>), and reports those that the file does not have.</summary>
/// <param name="models">The names of the file's models.</param>
internal sealed class ModelNames(BindingContext context, IReadOnlyList<string> models)
{
    /// <summary>Those in a plugin's options, also in those of attacks within them.</summary>
    /// <param name="with">The options as they are written.</param>
    public IReadOnlyList<string> Find(PluginUse use, Node? with)
    {
        var names = new List<string>();
        foreach (PropertyInfo property in use.Options?.GetType().GetProperties() ?? [])
        {
            Node? written = (with as MappingNode)?.Find(KebabCase.Convert(property.Name))?.Value;
            switch (property.GetValue(use.Options))
            {
                case BoundAttack attack:
                    names.AddRange(Find(attack.Use, WithOf(written)));
                    break;
                case IEnumerable<AttackChoice> attacks:
                    foreach ((AttackChoice attack, int i) in attacks.Select((a, i) => (a, i)))
                        names.AddRange(Find(((BoundAttack)attack).Use, WithOf(ItemOf(written, i))));
                    break;
                case string name when IsModelName(property):
                    names.Add(Require(name, (written ?? with)?.At ?? use.At));
                    break;
                case IReadOnlyList<string> several when IsModelName(property):
                    names.AddRange(several.Select((name, i) => Require(name, (ItemOf(written, i) ?? written ?? with)?.At ?? use.At)));
                    break;
            }
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private string Require(string name, SourceLocation at)
    {
        if (!models.Contains(name, StringComparer.Ordinal))
            context.Report(at, $"there is no model named '{name}'", NearestName.Hint(name, models));
        return name;
    }

    private static Node? WithOf(Node? node) => (node as MappingNode)?.Find("with")?.Value;

    private static Node? ItemOf(Node? node, int place) => (node as ListNode)?.Items.ElementAtOrDefault(place);

    // Abstract options, from which others inherit, have no constructor that is public.
    private static bool IsModelName(PropertyInfo property) =>
        property.IsDefined(typeof(ModelNameAttribute))
        || property
            .DeclaringType!.GetConstructors()
            .SelectMany(c => c.GetParameters())
            .Any(p => p.Name == property.Name && p.IsDefined(typeof(ModelNameAttribute), false));
}
