using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>
/// One turn of a tab's loop: inputs are stepped one after the other, and what they write goes to the store together.
/// Once that is durable, and not before, the effects are run in order.
/// </summary>
/// <param name="state">The state before the turn.</param>
/// <param name="sign">Signs the hash of an own page or of a reset.</param>
/// <param name="findStored">The hash of the stored page with an author and a number, or null.</param>
public sealed class TabTurn(
    TabState state, Func<Hash, ReadOnlyMemory<byte>> sign, Func<Party, long, Hash?> findStored)
{
    private readonly List<TabWrite> writes = [];
    private readonly List<TabEffect> effects = [];
    private readonly Dictionary<EncodedPage, SignedPage> signed = new(ReferenceEqualityComparer.Instance);

    /// <summary>The loop's state after the inputs so far. Readers may see it once the turn is durable.</summary>
    public TabState State { get; private set; } = state;

    /// <summary>
    /// In the order of the steps; a cut of the own tail always begins a new one. Every page and reset is signed.
    /// </summary>
    public IReadOnlyList<TabWrite> Writes => writes;

    /// <summary>What to do when <see cref="Writes"/> are durable, in order.</summary>
    public IReadOnlyList<TabEffect> Effects => effects;

    /// <summary>Whether there is nothing to store and nothing to do.</summary>
    public bool IsEmpty => writes.Count == 0 && effects.Count == 0;

    /// <summary>Steps one input; what the loop must compare it with in the store is looked up here.</summary>
    public void Take(TabInput input)
    {
        var step = TabLoop.Step(State, WithStoredHashes(input));
        State = step.State;
        if (step.Write is { } write)
            Add(write with { Pages = [.. write.Pages.Select(Sign)], Reset = write.Reset is { } r ? Sign(r) : null });
        effects.AddRange(step.Effects);
    }

    /// <summary>The signed form of an own page of this turn.</summary>
    public SignedPage SignedFormOf(EncodedPage page) => signed[page];

    private TabInput WithStoredHashes(TabInput input)
    {
        switch (input)
        {
            case PageCame { Page.Page: var page } came when page.Number <= State.Mine.Of(page.Author).Head.Number:
                return came with { StoredAt = findStored(page.Author, page.Number) };
            case HelloCame { Hello.Hello: var hello } came:
                return came with
                {
                    OwnAtHeld = Find(State.Me, hello.Held),
                    PeerAtMine = Find(State.Peer, hello.Mine),
                };
            case ResetCame { Agreed.Reset: var reset } came:
                return came with { OwnAtKept = Find(State.Me, reset.Of(State.Me).Kept) };
            default:
                return input;
        }

        Hash? Find(Party author, Head head) =>
            head.Number == 0 || head.Number > State.Mine.Of(author).Head.Number
                ? null
                : findStored(author, head.Number);
    }

    // Steps that only append are one write to the store: it then touches the tab's row once.
    private void Add(TabWrite write)
    {
        if (writes.Count > 0 && write.TruncateOwnAfter is null && (write.Hello is null || writes[^1].Hello is null))
        {
            var last = writes[^1];
            writes[^1] = last with
            {
                After = write.After,
                Pages = last.Pages.AddRange(write.Pages),
                Intents = last.Intents.AddRange(write.Intents),
                Hello = last.Hello ?? write.Hello,
            };
            return;
        }
        writes.Add(write);
    }

    // The state keeps what the book does: both signatures, for whoever wants proof.
    private AgreedReset Sign(AgreedReset agreed)
    {
        if (!agreed.SignatureOf(State.Me).IsEmpty)
            return agreed;
        var both = agreed.With(State.Me, sign(agreed.Content.Hash));
        State = State with { Resets = State.Resets.SetItem(State.Resets.Length - 1, both) };
        return both;
    }

    private PageToStore Sign(PageToStore page)
    {
        if (!page.Signature.IsEmpty)
            return page;
        var signature = sign(page.Content.Hash);
        signed.Add(page.Content, new SignedPage(page.Content, signature));
        return page with { Signature = signature };
    }
}
