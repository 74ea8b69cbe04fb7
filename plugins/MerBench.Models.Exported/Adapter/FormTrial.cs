using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Asks a module in one form or another, and keeps why it did not answer.</summary>
/// <param name="shape">Of a clip: <c>[N]</c> at the rate of the clips, or <c>[T, F]</c>.</param>
internal sealed class FormTrial(IExportedModule module, IAnswerReader reader, IReadOnlyList<long> shape, Device device)
{
    private const double Loudness = 0.1;

    /// <summary>The first reason why nothing was computed; null where there is none.</summary>
    public string? NotTaken { get; private set; }

    /// <summary>The first reason why what was computed could not be read; it weighs more, since the module took its input.</summary>
    public string? NotRead { get; private set; }

    /// <summary>Noise as clips, the same each time.</summary>
    public Tensor Clips(long count)
    {
        using var generator = new Generator(1);
        return (randn([count, .. shape], generator: generator) * Loudness).to(device);
    }

    /// <summary>What the module predicts for clips in a form; null where it does not.</summary>
    public Tensor? Answer(ModuleForm form, int clips)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor input = Clips(clips);
        try
        {
            return form.Ask(module.Forward, reader, input).Emotion.MoveToOuterDisposeScope();
        }
        catch (PluginUserException e)
        {
            NotRead ??= e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotTaken ??= NativeMessage.Cause(e.Message);
        }

        return null;
    }
}
