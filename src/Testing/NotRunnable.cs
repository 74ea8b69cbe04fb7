using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace MerBench.Testing;

/// <summary>Stands for the tests that could not be made, and says why.</summary>
internal static class NotRunnable
{
    public static TestCaseParameters Because(Exception problem)
    {
        var parameters = new TestCaseParameters { RunState = RunState.NotRunnable };
        parameters.Properties.Set(PropertyNames.SkipReason, problem.Message);
        return parameters;
    }
}
