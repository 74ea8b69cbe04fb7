namespace MerBench.Host.Checks.Pairs;

/// <summary>A search must not find less than random points.</summary>
internal sealed class WeakerThanNoiseCheck : PairCheck
{
    public override string Id => "weaker-than-noise";

    protected override string? Blame(CellPair pair) =>
        pair
            is {
                IsTwoPlugins: true,
                Strong.Attack.Knowledge: AttackKnowledge.Gradients or AttackKnowledge.Queries,
                Weak.Attack.Knowledge: AttackKnowledge.Noise,
            }
            ? "it searches, and finds less than the random points of"
            : null;
}
