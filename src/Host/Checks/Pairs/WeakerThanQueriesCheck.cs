namespace MerBench.Host.Checks.Pairs;

/// <summary>An iterative attack with gradients must not find less than one that only asks for predictions.</summary>
internal sealed class WeakerThanQueriesCheck : PairCheck
{
    public override string Id => "weaker-than-queries";

    protected override string? Blame(CellPair pair) =>
        pair
            is {
                IsTwoPlugins: true,
                Strong.Attack: { Knowledge: AttackKnowledge.Gradients, IsIterative: true },
                Weak.Attack.Knowledge: AttackKnowledge.Queries,
            }
            ? "it has gradients, and finds less than the queries of"
            : null;
}
