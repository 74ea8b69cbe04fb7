namespace MerBench.Host.Checks.Pairs;

/// <summary>An attack that may ask the attacked model must not find less than one that was crafted elsewhere.</summary>
internal sealed class WeakerThanTransferCheck : PairCheck
{
    public override string Id => "weaker-than-transfer";

    protected override string? Blame(CellPair pair)
    {
        if (pair is not { IsTwoPlugins: true, Weak.Attack.Knowledge: AttackKnowledge.Transfer })
            return null;
        return pair.Strong.Attack switch
        {
            { Knowledge: AttackKnowledge.Gradients, IsIterative: true } =>
                "it has gradients, and finds less than what was crafted elsewhere:",
            { Knowledge: AttackKnowledge.Queries } => "it asks the model, and finds less than what was crafted elsewhere:",
            _ => null,
        };
    }
}
