namespace MerBench.Host.Results;

/// <summary>An attack on a defended model beside the same one by somebody who does not know of the defence, on the first few clips. Errors
/// are mean absolute errors over clips and emotions.</summary>
/// <param name="Undefended">The name of the model behind the defence.</param>
/// <param name="Clips">How many clips were compared.</param>
/// <param name="UndefendedClean">Clean error without the defence.</param>
/// <param name="UndefendedAttacked">Error without the defence, attacked.</param>
/// <param name="Clean">Clean error with it.</param>
/// <param name="Unadapted">Error with it, for what was crafted without it.</param>
/// <param name="Adapted">Error with it, for what the cell's attack found.</param>
/// <param name="IsAdaptive">Whether the cell's attack asked the defended model, through its defence.</param>
public sealed record AdaptationResult(
    string Undefended,
    int Clips,
    double UndefendedClean,
    double UndefendedAttacked,
    double Clean,
    double Unadapted,
    double Adapted,
    bool IsAdaptive
);
