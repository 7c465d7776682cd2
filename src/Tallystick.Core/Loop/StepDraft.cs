using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>One step while it is being made: the state so far and what it writes and does.</summary>
internal sealed class StepDraft(TabState state)
{
    private readonly TabState before = state;
    private readonly ImmutableArray<TabEffect>.Builder effects = ImmutableArray.CreateBuilder<TabEffect>();
    private ImmutableArray<PageToStore>.Builder? pages;
    private ImmutableArray<IntentChange>.Builder? intents;
    private long? truncateOwnAfter;
    private SignedHello? hello;
    private AgreedReset? reset;

    public TabState State { get; set; } = state;

    public void Do(TabEffect effect) => effects.Add(effect);

    public void Append(EncodedPage page, ReadOnlyMemory<byte> signature) => Append(new PageToStore(page, signature));

    public void AppendReturned(SignedPage page) =>
        Append(new PageToStore(page.Content, page.Signature) { IsReturned = true });

    public void Change(RequestId id, IntentState to, Intent? intent) =>
        (intents ??= ImmutableArray.CreateBuilder<IntentChange>()).Add(new IntentChange(id, to, intent));

    public void TruncateOwnAfter(long number) => truncateOwnAfter = number;

    public void Append(AgreedReset agreed) => reset = agreed;

    private void Append(PageToStore page) => (pages ??= ImmutableArray.CreateBuilder<PageToStore>()).Add(page);

    /// <summary>Stores the peer's Hello with the first page that rests on it.</summary>
    public void KeepHello(SignedHello basis)
    {
        if (State.StoredHello == basis.Content.Hash)
            return;
        hello = basis;
        State = State with { StoredHello = basis.Content.Hash };
    }

    public void Close(string reason, string text)
    {
        if (State.Session is not { } session)
            return;
        Do(new CloseLink(session.Link, reason, text));
        State = State with { Session = null };
    }

    public void Close(Refusal refusal) => Close(refusal.Why.Name, refusal.Text);

    public TabStep Finish()
    {
        var writes = pages is not null || intents is not null || truncateOwnAfter is not null || hello is not null
            || !ReferenceEquals(before.Freeze, State.Freeze) || !ReferenceEquals(before.Offer, State.Offer);
        var write = !writes ? null : new TabWrite
        {
            Before = before.Snapshot,
            After = State.Snapshot,
            TruncateOwnAfter = truncateOwnAfter,
            Reset = reset,
            Pages = pages?.ToImmutable() ?? [],
            Intents = intents?.ToImmutable() ?? [],
            Hello = hello,
        };
        return new TabStep(State, write, effects.ToImmutable());
    }
}
