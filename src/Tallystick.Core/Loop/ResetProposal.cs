using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>
/// The reset that a yes would sign now, and what it would do. A pure function of the state, so that what is shown and
/// what is signed can be compared by hash.
/// </summary>
public sealed record ResetProposal
{
    /// <summary>
    /// Numbers left free before the first new page: room for what a side signed that the other never heard of.
    /// </summary>
    public const long NumbersLeftFree = 1_000;

    /// <summary>The furthest that a reset moves a chain's numbers, whatever the other claims to have signed.</summary>
    public const long MostNumbersSkipped = 1L << 32;

    /// <summary>What would be signed.</summary>
    public required EncodedReset Reset { get; init; }

    /// <summary>The present view without the own pages that become void.</summary>
    public required Fold View { get; init; }

    /// <summary>Own pages that the peer does not hold as valid, oldest first: they become void.</summary>
    public required ImmutableArray<EncodedPage> VoidPages { get; init; }

    /// <summary>Whether this node has signed it already.</summary>
    public required bool SignedByMe { get; init; }

    /// <summary>Whether the peer has signed it in this session: then a yes completes it.</summary>
    public required bool SignedByPeer { get; init; }

    /// <summary>What the user asked for on the pages that become void; none of it is done again by itself.</summary>
    public IEnumerable<Intent> VoidIntents => TabLoop.IntentsOf(VoidPages);

    /// <summary>How many open settlements end.</summary>
    public int EndedSettlements => View.Settlements.Values.Count(settlement => !settlement.IsClosed);

    /// <summary>The reset that a yes would sign now, or why none.</summary>
    public static bool TryMake(
        TabState state, [NotNullWhen(true)] out ResetProposal? proposal, [NotNullWhen(false)] out Refusal? refusal)
    {
        proposal = null;
        refusal = Refuse(state);
        if (refusal is not null)
            return false;

        var offer = state.Session!.Offer?.Content;
        // The peer's record goes first, then the own one that stands: a record is made anew only when neither holds.
        proposal = Check(state, offer) ?? Check(state, state.Offer) ?? Make(state);
        if (proposal is null)
            refusal = Refusals.NoNumbersLeft();
        else
            proposal = proposal with { SignedByPeer = offer?.Hash == proposal.Reset.Hash };
        return proposal is not null;
    }

    /// <summary>What <paramref name="reset"/> would do, or null when the own book does not bear it out.</summary>
    internal static ResetProposal? Check(TabState state, EncodedReset? reset)
    {
        if (reset is null || !NumbersFit(state, reset.Reset) || !MayKeep(state, reset.Reset.Of(state.Me).Kept.Number))
            return null;
        var view = TabLoop.ViewAt(state, reset.Reset.Of(state.Me).Kept.Number);
        var expected = ResetCodec.Encode(
            Resets.Reset.Of(view, state.Era, reset.Reset.Zero.First, reset.Reset.One.First));
        return expected.Hash == reset.Hash ? Of(state, reset, view) : null;
    }

    private static ResetProposal? Make(TabState state)
    {
        var view = TabLoop.ViewAt(state, LastKeptOfMine(state));
        var (zero, one) = (LastKnown(state, Party.Zero), LastKnown(state, Party.One));
        const long most = PageBounds.NumberLimit - NumbersLeftFree - 1;
        if (Math.Max(zero, one) >= most)
            return null;
        var reset = Resets.Reset.Of(view, state.Era, zero + NumbersLeftFree + 1, one + NumbersLeftFree + 1);
        return Of(state, ResetCodec.Encode(reset), view);
    }

    private static ResetProposal Of(TabState state, EncodedReset reset, Fold view) => new()
    {
        Reset = reset,
        View = view,
        VoidPages =
        [
            .. state.Unseen.Where(page => page.Page.Number > view.Of(state.Me).Head.Number),
        ],
        SignedByMe = state.Offer?.Hash == reset.Hash,
        SignedByPeer = false,
    };

    private static Refusal? Refuse(TabState state)
    {
        if (state.Freeze is null && state.Session?.Offer is null && state.Offer is null)
            return Refusals.NotFrozen();
        return state.IsLevel() ? null : Refusals.ResetNeedsPeer();
    }

    // The peer decides where the own chain ends, because it knows what it holds as valid: everything, unless it has
    // said that a page is bad. Then this is the best guess, and its own record will say it exactly.
    private static long LastKeptOfMine(TabState state)
    {
        var head = state.Mine.Of(state.Me).Head.Number;
        return state.FaultedFrom is not { } bad || bad > head ? head : Math.Max(bad - 1, LeastKeptOfMine(state));
    }

    private static bool MayKeep(TabState state, long number)
    {
        var head = state.Mine.Of(state.Me).Head.Number;
        return state.FaultedFrom is null
            ? number == head
            : number >= LeastKeptOfMine(state) && number <= head;
    }

    private static long LeastKeptOfMine(TabState state) =>
        Math.Max(state.Theirs.Of(state.Me).Head.Number, state.Session!.Theirs!.Hello.Held.Number);

    private static bool NumbersFit(TabState state, Reset reset)
    {
        foreach (var party in (ReadOnlySpan<Party>)[Party.Zero, Party.One])
        {
            var first = reset.Of(party).First;
            var most = state.Mine.Of(party).Head.Number + MostNumbersSkipped + NumbersLeftFree + 1;
            if (first <= LastKnown(state, party) || first > most)
                return false;
        }
        return true;
    }

    // The highest number that this node knows to have been signed. A claim of the peer counts only so far, or it could
    // use up the numbers of its chain at once.
    private static long LastKnown(TabState state, Party party)
    {
        var head = state.Mine.Of(party).Head.Number;
        var last = head;
        if (party == state.Me)
            return Math.Max(last, state.FaultedFrom ?? 0);
        if (state.Freeze is { ByMe: true } freeze)
            last = Math.Max(last, freeze.Fault.Content.Fault.Page.Page.Number);
        if (state.Session?.Theirs is { } theirs)
            last = Math.Max(last, theirs.Hello.Mine.Number);
        return Math.Min(last, head + MostNumbersSkipped);
    }
}
