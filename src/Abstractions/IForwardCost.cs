namespace MerBench;

/// <summary>A model that knows what its forward pass costs, so that trainings can be compared by their computations. Optional.</summary>
public interface IForwardCost
{
    /// <summary>Floating-point operations of one clip's forward pass, two a multiply-add; counts at least the matrix products and
    /// convolutions. After <see cref="IModel.Build"/>.</summary>
    double ForwardFlops { get; }
}
