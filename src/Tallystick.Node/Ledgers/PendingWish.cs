using System.Collections.Immutable;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <summary>A wish between being asked and being durable.</summary>
internal abstract class PendingWish(TabLedger tab, Intent intent)
{
    public TabLedger Tab => tab;

    public Intent Intent => intent;

    /// <summary>Completes when the outcome is durable.</summary>
    public abstract Task<IntentOutcome> Answered { get; }

    public bool Is(TabId otherTab, ImmutableArray<Line> lines) =>
        tab.Id == otherTab && intent.Lines.AsSpan().SequenceEqual(lines.AsSpan());

    public abstract void Answer(IntentOutcome outcome);

    public abstract void Fail(Exception why);
}

/// <summary>A wish that is asked alone.</summary>
internal sealed class SingleWish(TabLedger tab, Intent intent) : PendingWish(tab, intent)
{
    private readonly TaskCompletionSource<IntentOutcome> answered =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Task<IntentOutcome> Answered => answered.Task;

    public override void Answer(IntentOutcome outcome) => answered.TrySetResult(outcome);

    public override void Fail(Exception why) => answered.TrySetException(why);
}

/// <summary>Wishes that are asked in one call and awaited together.</summary>
internal sealed class WishGroup(int size)
{
    private readonly TaskCompletionSource<IntentOutcome[]> ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly IntentOutcome[] outcomes = new IntentOutcome[size];
    private int missing;

    /// <summary>Completes when every wish has ended, with the outcomes at their places.</summary>
    public Task<IntentOutcome[]> Ended => ended.Task;

    /// <summary>Says how many outcomes will come, before the first does.</summary>
    public void Expect(int count)
    {
        missing = count;
        if (count == 0)
            ended.TrySetResult(outcomes);
    }

    /// <summary>One outcome; each place has one.</summary>
    public void Answer(int at, IntentOutcome outcome)
    {
        outcomes[at] = outcome;
        if (Interlocked.Decrement(ref missing) == 0)
            ended.TrySetResult(outcomes);
    }

    public void Fail(Exception why) => ended.TrySetException(why);
}

/// <summary>One wish of a group.</summary>
internal sealed class WishOfGroup(TabLedger tab, Intent intent, WishGroup group, int at) : PendingWish(tab, intent)
{
    private bool isAnswered;

    public override Task<IntentOutcome> Answered => OfGroupAsync();

    public override void Answer(IntentOutcome outcome)
    {
        if (!Interlocked.Exchange(ref isAnswered, true))
            group.Answer(at, outcome);
    }

    public override void Fail(Exception why) => group.Fail(why);

    private async Task<IntentOutcome> OfGroupAsync() => (await group.Ended)[at];
}
