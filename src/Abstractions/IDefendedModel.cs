namespace MerBench;

/// <summary>A model behind something that is to keep attacks off, and that attacks have to get through. The host holds every attack
/// against the same one by somebody who knows nothing of the defence.</summary>
public interface IDefendedModel : IComposedModel
{
    /// <summary>Name of the part that is defended: whom an attacker attacks who does not know of the defence.</summary>
    string Undefended { get; }

    /// <summary>Whether attacks go through the defence; else they see the undefended model, and what they find says nothing.</summary>
    bool IsAdaptive { get; }

    /// <summary>Whether gradients are those of stand-ins (BPDA), so that differences of predictions need not agree with them. After
    /// <see cref="IModel.Build"/>.</summary>
    bool HasStandInGradient { get; }
}
