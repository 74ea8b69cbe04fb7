using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Reads one entry of <c>perturbations:</c>, whose keys differ between attacks and corruptions.</summary>
internal sealed class PerturbationReader(PluginResolver plugins, BindingContext context, ModelNames models)
{
    private static readonly int[] AllSeverities = [1, 2, 3, 4, 5];

    public PerturbationDefinition? Read(string name, PerturbationEntry entry)
    {
        PluginDescriptor? plugin = plugins.Find(entry.Use, PluginKind.Attack, PluginKind.Corruption);
        PluginUse? use = plugin is null ? null : plugins.Bind(plugin, entry.With, entry.At);
        IReadOnlyList<Budget> budgets = Budgets(entry.Budgets?.Value);
        IReadOnlyList<int> severities = Severities(entry.Severities);
        TimeWindow? window = entry.Window is { } asked ? Window(asked, entry) : null;
        if (plugin?.Kind == PluginKind.Corruption)
        {
            RefuseKeysOfAttacks(plugin, entry);
            return use is not null && (entry.Domain ?? StandardDomain(use)) is { } domain
                ? new PerturbationDefinition(name, use, domain, ObjectiveReader.Standard, [], severities, entry.At) { Window = window }
                : null;
        }

        string objective = ObjectiveReader.Read(entry.Objective, context);
        if (plugin is not null && entry.Severities is { Count: > 0 } given)
            context.Report(given[0].At, $"'{plugin.Id}' is an attack, and severities are for corruptions", "give 'budgets' instead");
        IReadOnlyList<double> excesses = MaskingExcesses(entry, plugin);
        if (use is null)
            return null;
        if (entry.Resynthesis is { } steps && entry.Domain == Domain.Waveform)
            context.Report(steps.At, "'resynthesis' is for attacks on features", "a waveform is audio already: remove 'resynthesis'");
        return new PerturbationDefinition(name, use, entry.Domain ?? Domain.Features, objective, budgets, [], entry.At)
        {
            // Resynthesis asks for features.
            FollowsModels = entry.Domain is null && entry.Resynthesis is null,
            Surrogates = models.Find(use, entry.With),
            MaskingExcesses = excesses,
            Window = window,
            ResynthesisSteps = entry.Resynthesis?.Value,
        };
    }

    private TimeWindow? Window(Located<WindowEntry> window, PerturbationEntry entry)
    {
        (TimeSpan? from, TimeSpan? to) = window.Value;
        var read = new TimeWindow(from?.TotalSeconds ?? 0, to?.TotalSeconds ?? double.PositiveInfinity);
        if (!(read.From < read.To))
            context.Report(window.At, $"the window from {read} is empty", "let 'to' be later than 'from'");
        if (entry.Budgets?.Value.MaskingExcess is { Count: > 0 })
            context.Report(
                window.At,
                "'masking-excess' scales what an attack finds over the whole clip, and a window confines it",
                "give a budget in another norm, or remove 'window'"
            );
        return from is null && to is null ? null : read;
    }

    private void RefuseKeysOfAttacks(PluginDescriptor plugin, PerturbationEntry entry)
    {
        if (entry.Budgets is not null)
            context.Report(entry.Budgets.At, $"'{plugin.Id}' is a corruption, and budgets are for attacks", "give 'severities' instead");
        if (entry.Objective is not null)
            context.Report(entry.Objective.At, $"'{plugin.Id}' is a corruption, and objectives are for attacks", "remove 'objective'");
        if (entry.Resynthesis is { } steps)
            context.Report(
                steps.At,
                $"'{plugin.Id}' is a corruption, and 'resynthesis' is for attacks on features",
                "remove 'resynthesis'"
            );
    }

    private Domain? StandardDomain(PluginUse use)
    {
        try
        {
            IReadOnlyList<Domain> domains = use.Create<ICorruption>().Domains;
            return domains.Contains(Domain.Waveform) ? Domain.Waveform : domains[0];
        }
        catch (Exception e)
        {
            // A plugin's code: whatever it throws concerns the user, who chose it and its options.
            context.Report(use.At, $"'{use.Plugin.Id}' cannot be made with these options: {GuestText.Message(GuestText.ReadMessage(e))}");
            return null;
        }
    }

    private List<Budget> Budgets(BudgetsEntry? entry)
    {
        var budgets = new OrderedDictionary<Budget, Budget>();
        Add(Norm.Linf, entry?.Linf);
        Add(Norm.L2, entry?.L2);
        Add(Norm.Snr, entry?.Snr);
        return [.. budgets.Keys];

        void Add(Norm norm, IReadOnlyList<Located<double>>? sizes)
        {
            RefuseDecimalCommas(sizes ?? []);
            foreach (Located<double> size in sizes ?? [])
            {
                // -0 and 0 are one budget.
                var budget = new Budget(norm, size.Value + 0.0);
                if (!budgets.TryAdd(budget, budget))
                    context.Report(size.At, $"budget {budget} is listed twice");
            }
        }
    }

    private IReadOnlyList<double> MaskingExcesses(PerturbationEntry entry, PluginDescriptor? plugin)
    {
        if (entry.Budgets?.Value.MaskingExcess is not { } given)
            return [];
        RefuseDecimalCommas(given);
        foreach (Located<double> twice in given.GroupBy(e => e.Value).SelectMany(g => g.Skip(1)))
            context.Report(twice.At, string.Create(CultureInfo.InvariantCulture, $"masking excess {twice.Value} is listed twice"));
        if (entry.Domain != Domain.Waveform)
            context.Report(given[0].At, "'masking-excess' is about what is heard, and features are not", "write 'domain: waveform'");
        if (plugin is { MinimisesNorm: true })
            context.Report(
                given[0].At,
                $"'{plugin.Id}' looks for the smallest perturbation, and 'masking-excess' scales what an attack finds up to its bound",
                "choose another attack, or remove 'masking-excess'"
            );

        // -0 and 0 are one budget.
        return [.. given.Select(e => e.Value + 0.0)];
    }

    // [0,5] holds two sizes, and whoever writes it may mean one.
    private void RefuseDecimalCommas(IReadOnlyList<Located<double>> sizes)
    {
        foreach ((Located<double> zero, Located<double> next) in sizes.Zip(sizes.Skip(1)))
            if (zero.Value == 0 && zero.At.Line == next.At.Line && next.At.Column == zero.At.Column + "0,".Length)
                context.Report(
                    zero.At,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the budgets 0 and {next.Value} stand here, as if 0,{next.Value} were one number"
                    ),
                    "write a decimal point, or a space behind the comma"
                );
    }

    private IReadOnlyList<int> Severities(IReadOnlyList<Located<int>>? entries)
    {
        if (entries is null)
            return AllSeverities;
        foreach (Located<int> twice in entries.GroupBy(s => s.Value).SelectMany(g => g.Skip(1)))
            context.Report(twice.At, string.Create(CultureInfo.InvariantCulture, $"severity {twice.Value} is listed twice"));
        return [.. entries.Select(s => s.Value)];
    }
}
