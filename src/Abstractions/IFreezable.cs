using static TorchSharp.torch;

namespace MerBench;

/// <summary>The format in which attacks compute. Inputs, outputs and gradients to the input are float32 in any case, and results are judged
/// in fp32.</summary>
public enum Precision
{
    /// <summary>32-bit floats, as the model itself.</summary>
    Fp32,

    /// <summary>bfloat16: the range of float32 with 8 bits of precision; twice as fast or more where the processor has instructions for
    /// it.</summary>
    Bf16,

    /// <summary>Half precision, on GPUs: 11 bits of precision, from 6e-8 to 65504, so that gradients have to be scaled on their way
    /// back.</summary>
    Fp16,

    /// <summary>32-bit floats whose products GPUs round to TF32, 11 bits of precision. The host switches it on around attacks, for every
    /// model; a form for it is the one for <see cref="Fp32"/>.</summary>
    Tf32,
}

/// <summary>
/// A model that offers a faster form of itself for attacks, which ask a model with fixed weights for thousands of predictions and gradients
/// to its input. Optional. The host compares the form with the model
/// before it is used, and judges what an attack found by the model itself.
/// </summary>
public interface IFreezable : IModel
{
    /// <summary>Makes the faster form of the model as it is now; later changes of <see cref="IModel.State"/> need not show in it.</summary>
    /// <param name="precision">Never <see cref="Precision.Tf32"/>. In fp32 its predictions agree with those of <see cref="IModel.Forward"/>
    /// in evaluation mode within 1e-5 of the rating scale.</param>
    /// <exception cref="PluginUserException">The precision is not supported.</exception>
    IFrozenModel Freeze(Precision precision);
}

/// <summary>A model with fixed weights in evaluation mode.</summary>
public interface IFrozenModel : IDisposable
{
    /// <summary>Predicts; differentiable with respect to its input alone.</summary>
    /// <param name="input">As <see cref="IModel.Forward"/> takes it, float32.</param>
    /// <returns>As <see cref="IModel.Forward"/> returns it, float32.</returns>
    ModelOutput Forward(Tensor input);
}

/// <summary>A form that estimates what the model predicts, from fewer samples of the noise that the model averages over, or from others.
/// The host does not hold its predictions to the model's, and counts each of its calls as many.</summary>
public interface ISampledForm : IFrozenModel
{
    /// <summary>Calls of the model underneath for one prediction.</summary>
    int Samples { get; }
}
