using MerBench.Host.Torch;

namespace MerBench.Tests.Execution;

[Parallelizable(ParallelScope.All)]
public sealed class TorchThreadTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public void All_work_runs_on_one_thread()
    {
        using var torch = new TorchThread();
        int first = torch.Run(_ => Environment.CurrentManagedThreadId, Long, CancellationToken.None);
        int second = torch.Run(_ => Environment.CurrentManagedThreadId, Long, CancellationToken.None);
        Assert.That(second, Is.EqualTo(first).And.Not.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void Exceptions_come_out_as_thrown()
    {
        using var torch = new TorchThread();
        Assert.That(
            () => torch.Run<int>(_ => throw new InvalidDataException("here"), Long, CancellationToken.None),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("here")
        );
    }

    [Test]
    public void Work_that_gives_signs_of_life_may_take_longer_than_the_limit_of_its_silence()
    {
        using var torch = new TorchThread();
        var signs = new SignsOfLife();
        var limit = TimeSpan.FromMilliseconds(400);
        int Work(CancellationToken token)
        {
            for (int sign = 0; sign < 12; sign++)
            {
                Assert.That(token.WaitHandle.WaitOne(50), Is.False, "it was stopped");
                signs.Give();
            }

            return 7;
        }

        Assert.That(torch.Run(Work, limit, CancellationToken.None, signs), Is.EqualTo(7));
        Assert.That(
            () => torch.Run(token => token.WaitHandle.WaitOne(), limit, CancellationToken.None, signs),
            Throws.TypeOf<TimeLimitException>()
        );
    }

    [Test]
    public void Work_that_listens_is_stopped_when_its_time_is_up()
    {
        using var torch = new TorchThread();
        Assert.That(
            () => torch.Run(token => token.WaitHandle.WaitOne(), TimeSpan.FromMilliseconds(50), CancellationToken.None),
            Throws.TypeOf<TimeLimitException>()
        );
        Assert.That(torch.HasAbandonedWork, Is.False);
    }

    [Test]
    public void Work_that_does_not_listen_is_left_behind_and_the_next_work_runs()
    {
        using var torch = new TorchThread();
        using var release = new ManualResetEventSlim();
        Assert.That(
            () =>
                torch.Run(
                    _ =>
                    {
                        release.Wait();
                        return 0;
                    },
                    TimeSpan.FromMilliseconds(50),
                    CancellationToken.None
                ),
            Throws.TypeOf<TimeLimitException>()
        );
        Assert.That(torch.HasAbandonedWork, Is.True);
        Assert.That(torch.Run(_ => 7, Long, CancellationToken.None), Is.EqualTo(7));
        release.Set();
    }

    [Test]
    public void The_users_cancellation_is_not_a_timeout()
    {
        using var torch = new TorchThread();
        using var cancel = new CancellationTokenSource(50);
        Assert.That(
            () =>
                torch.Run(
                    token =>
                    {
                        token.WaitHandle.WaitOne();
                        token.ThrowIfCancellationRequested();
                        return 0;
                    },
                    Long,
                    cancel.Token
                ),
            Throws.InstanceOf<OperationCanceledException>()
        );
    }
}
