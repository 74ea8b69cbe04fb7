using System.CommandLine;
using MerBench.Host;
using MerBench.Host.Distribution;

namespace MerBench.Tool.Commands;

/// <summary>How <c>run</c> is told to compute a part.</summary>
internal sealed class ShardOptions
{
    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Compute the K-th of N parts into the store, and write no results; 'merbench merge' sums up.",
        HelpName = "K/N",
    };
    private readonly Option<int?> _index = new("--shard-index")
    {
        Description = "The same for engines that count from 0, with --shard-count.",
        HelpName = "I",
    };
    private readonly Option<int?> _count = new("--shard-count") { Description = "How many shards there are.", HelpName = "N" };
    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "The folder of a plan ('merbench plan'); a benchmark, plugins or data that differ from it are refused.",
        HelpName = "DIR",
    };
    private readonly Option<bool> _retry = new("--retry-failed")
    {
        Description = "Compute cells again that an earlier attempt of the same plan failed at.",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _shard, _index, _count, _plan, _retry })
            command.Add(option);
    }

    /// <summary>Null where the whole benchmark is to be run.</summary>
    /// <exception cref="UserErrorException">The options contradict each other.</exception>
    public ShardRequest? Read(ParseResult parsed)
    {
        Shard? shard = (parsed.GetValue(_shard), parsed.GetValue(_index), parsed.GetValue(_count)) switch
        {
            ({ } text, null, null) => Shard.Parse(text),
            (null, { } index, { } count) => Shard.FromIndex(index, count),
            (null, null, null) => null,
            _ => throw new UserErrorException("Give either --shard K/N, or --shard-index and --shard-count."),
        };
        return shard is null ? null : new ShardRequest(shard, parsed.GetValue(_plan), parsed.GetValue(_retry));
    }

    public bool RetriesFailed(ParseResult parsed) => parsed.GetValue(_retry);

    /// <summary>Refuses what belongs to shards where none is computed.</summary>
    /// <param name="isStudy">Whether shards are handed to a cluster.</param>
    /// <exception cref="UserErrorException">Something of it is given.</exception>
    public void RequireNone(ParseResult parsed, bool isStudy)
    {
        if (parsed.GetValue(_plan) is not null || (!isStudy && parsed.GetValue(_retry)))
            throw new UserErrorException("--plan and --retry-failed belong to a shard: give --shard K/N too.");
    }
}
