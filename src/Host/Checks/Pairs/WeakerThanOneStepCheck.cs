namespace MerBench.Host.Checks.Pairs;

/// <summary>An iterative attack must not find less than a single step.</summary>
internal sealed class WeakerThanOneStepCheck : PairCheck
{
    public override string Id => "weaker-than-one-step";

    protected override string? Blame(CellPair pair) =>
        pair
            is {
                IsTwoPlugins: true,
                Strong.Attack: { Knowledge: AttackKnowledge.Gradients, IsIterative: true },
                Weak.Attack: { Knowledge: AttackKnowledge.Gradients, IsIterative: false },
            }
            ? "it is iterative, and finds less than the single step"
            : null;
}
