using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Models that are made of others: none is made of itself, and all parts hear alike.</summary>
internal sealed class CompositionCheck(BindingContext context, IReadOnlyList<ModelDefinition> models)
{
    /// <param name="frontEnd">That of models without ears of their own.</param>
    /// <param name="excerpt">The same for excerpts.</param>
    /// <returns>The models; without parts those that are made of themselves.</returns>
    public ModelDefinition[] Check(PluginUse? frontEnd, PreparationOverrides excerpt)
    {
        ModelDefinition[] endless = [.. models.Where(m => IsMadeOf(m, m.Name, []))];
        foreach (ModelDefinition model in endless)
            context.Report(model.At, $"model '{model.Name}' is made of itself", "name other models");
        foreach (ModelDefinition model in models.Except(endless))
            if (frontEnd is not null)
                RequireSameEars(model, new Ears(frontEnd, excerpt));
        ModelDefinition[] finite = [.. models.Select(m => endless.Contains(m) ? m with { Parts = [] } : m)];
        foreach (ModelDefinition model in finite.Where(m => m.Parts.Count > 0))
            RequireFit(model, finite);
        return finite;
    }

    private void RequireFit(ModelDefinition model, ModelDefinition[] finite)
    {
        if (DomainFit.AskParts(model, finite) is not { } parts)
            return;
        try
        {
            CompositionTrial.AskInput(model, parts);
        }
        catch (Exception e)
        {
            // A plugin's code: whatever it throws concerns the user, who chose it and its options.
            context.Report(model.At, $"model '{model.Name}' cannot be made: {GuestText.Message(GuestText.ReadMessage(e))}");
        }
    }

    private bool IsMadeOf(ModelDefinition model, string name, HashSet<string> seen) =>
        model.Parts.Any(part =>
            part == name || (seen.Add(part) && models.FirstOrDefault(m => m.Name == part) is { } inner && IsMadeOf(inner, name, seen))
        );

    private void RequireSameEars(ModelDefinition model, Ears standard)
    {
        Ears own = model.OwnEars ?? standard;
        foreach (ModelDefinition part in models.Where(m => model.Parts.Contains(m.Name, StringComparer.Ordinal)))
            if (!own.Equals(part.OwnEars ?? standard))
                context.Report(
                    model.At,
                    $"model '{model.Name}' is made of '{part.Name}', which hears by another front end or excerpt",
                    "give both the same 'front-end' and 'excerpt'"
                );
    }
}
