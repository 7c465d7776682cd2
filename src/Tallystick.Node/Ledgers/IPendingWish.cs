using System.Collections.Immutable;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Ledgers;

/// <summary>A wish between being asked and being durable.</summary>
internal interface IPendingWish
{
    TabLedger Tab { get; }

    Intent Intent { get; }

    /// <summary>Completes when the outcome is durable.</summary>
    Task<IntentOutcome> Answered { get; }

    void Answer(IntentOutcome outcome);

    void Fail(Exception why);

    sealed bool Is(TabId tab, ImmutableArray<Line> lines) =>
        Tab.Id == tab && Intent.Lines.AsSpan().SequenceEqual(lines.AsSpan());
}

/// <summary>A wish that is asked alone. Many are at once, so it is its own completion and not an object more.</summary>
internal sealed class SingleWish(TabLedger tab, Intent intent)
    : TaskCompletionSource<IntentOutcome>(TaskCreationOptions.RunContinuationsAsynchronously), IPendingWish
{
    public TabLedger Tab => tab;

    public Intent Intent => intent;

    public Task<IntentOutcome> Answered => Task;

    public void Answer(IntentOutcome outcome) => TrySetResult(outcome);

    public void Fail(Exception why) => TrySetException(why);
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
internal sealed class WishOfGroup(TabLedger tab, Intent intent, WishGroup group, int at) : IPendingWish
{
    private bool isAnswered;

    public TabLedger Tab => tab;

    public Intent Intent => intent;

    public Task<IntentOutcome> Answered => OfGroupAsync();

    public void Answer(IntentOutcome outcome)
    {
        if (!Interlocked.Exchange(ref isAnswered, true))
            group.Answer(at, outcome);
    }

    public void Fail(Exception why) => group.Fail(why);

    private async Task<IntentOutcome> OfGroupAsync() => (await group.Ended)[at];
}
