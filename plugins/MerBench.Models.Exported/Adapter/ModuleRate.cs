namespace MerBench.Models.Exported.Adapter;

/// <summary>At which rate a module reads waveforms.</summary>
internal static class ModuleRate
{
    /// <summary>Samples a second: as the options say, as the file says, else the benchmark's.</summary>
    /// <exception cref="PluginUserException">Options and file contradict each other.</exception>
    public static int Find(IExportedModule module, ModuleOptions options, ModelContext context)
    {
        if (options.SampleRate is { } told && module.Metadata.SampleRate is { } own && told != own)
            throw new PluginUserException(
                $"{module.File} says that it reads waveforms of {own} Hz, and 'sample-rate' tells it {told}; leave 'sample-rate' out."
            );
        return options.SampleRate ?? module.Metadata.SampleRate ?? context.SampleRate;
    }

    /// <summary>What brings clips to that rate; null where they have it.</summary>
    public static Resampler? Resampler(IExportedModule module, ModuleOptions options, ModelContext context)
    {
        int wanted = Find(module, options, context);
        return context.SampleRate == 0 || wanted == context.SampleRate ? null : new Resampler(context.SampleRate, wanted);
    }
}
