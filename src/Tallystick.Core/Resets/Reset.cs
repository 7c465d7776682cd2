using System.Collections.Immutable;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Resets;

/// <summary>What a reset says of one party.</summary>
public sealed record ResetParty
{
    /// <summary>
    /// Its last valid page: the newest that the other party holds; number 0 with the tab's id for none.
    /// </summary>
    public required Head Kept { get; init; }

    /// <summary>The number of its first page afterwards, above every number that it ever signed.</summary>
    public required long First { get; init; }

    /// <summary>Payments, bookings and fulfilled holds, in units: carried, so that the balance is.</summary>
    public required long Given { get; init; }

    /// <summary>The most that the other party may owe it: carried.</summary>
    public required CreditLimit Limit { get; init; }

    /// <summary>Whether it ever stated a limit; if not, its first new page does.</summary>
    public required bool HasLimit { get; init; }

    /// <summary>The newest version of the line kinds that it said it understands: carried.</summary>
    public required int Version { get; init; }

    /// <summary>Its open holds in the order of their refs, which they keep.</summary>
    public required ImmutableArray<Hold> Holds { get; init; }
}

/// <summary>
/// The way out of a frozen tab, signed by both: where each chain ended, what of it is carried, and where each goes on.
/// What is not carried has ended: every settlement.
/// </summary>
public sealed record Reset
{
    /// <summary>The tab.</summary>
    public required TabId Tab { get; init; }

    /// <summary>How many resets the tab has had with this one: 1, 2, 3, ….</summary>
    public required int Era { get; init; }

    /// <summary>The hash of the reset before it; the tab's id for era 1.</summary>
    public required Hash Previous { get; init; }

    /// <summary>The party with the smaller key.</summary>
    public required ResetParty Zero { get; init; }

    /// <summary>The party with the larger key.</summary>
    public required ResetParty One { get; init; }

    /// <summary>What it says of <paramref name="party"/>.</summary>
    public ResetParty Of(Party party) => party == Party.Zero ? Zero : One;

    /// <summary>The reset that carries what <paramref name="view"/> holds; its heads are the pages kept.</summary>
    public static Reset Of(Fold view, Head before, long firstZero, long firstOne) => new()
    {
        Tab = view.Tab,
        Era = (int)before.Number + 1,
        Previous = before.Hash,
        Zero = PartyOf(view, Party.Zero, firstZero),
        One = PartyOf(view, Party.One, firstOne),
    };

    /// <summary>The state with which the tab goes on.</summary>
    /// <param name="hash">The hash of this reset: what the first new pages follow.</param>
    public Fold ToFold(Hash hash)
    {
        var holds = ImmutableSortedDictionary.CreateBuilder<ObjectKey, Hold>();
        Hash open = default;
        foreach (var hold in Zero.Holds.Concat(One.Holds))
        {
            holds.Add(new ObjectKey(hold.Author, hold.Ref), hold);
            open ^= StateDigest.OfOpen(hold);
        }
        return new Fold
        {
            Tab = Tab,
            Zero = FoldOf(Zero, One, hash),
            One = FoldOf(One, Zero, hash),
            Holds = holds.ToImmutable(),
            OpenObjects = open,
        };
    }

    private static ResetParty PartyOf(Fold view, Party party, long first)
    {
        var fold = view.Of(party);
        return new ResetParty
        {
            Kept = fold.Head,
            First = first,
            Given = fold.Given,
            Limit = fold.Limit,
            HasLimit = fold.HasLimit,
            Version = fold.Version,
            Holds =
            [
                .. view.Holds
                    .Where(held => held.Key.Creator == party && held.Value.Status == HoldStatus.Open)
                    .Select(held => held.Value),
            ],
        };
    }

    // What is not carried was ended by the reset, so a line that names it is answered as one that names what is closed.
    private static PartyFold FoldOf(ResetParty me, ResetParty peer, Hash hash)
    {
        var last = me.First - 1;
        return new PartyFold
        {
            Head = new Head(last, hash),
            Seen = new Head(peer.First - 1, hash),
            LastPageWithLines = me.HasLimit ? last : 0,
            Given = me.Given,
            Held = me.Holds.Sum(hold => hold.Amount.Units),
            Limit = me.Limit,
            HasLimit = me.HasLimit,
            Version = me.Version,
            SettlementsForgottenTo = last,
            HoldsForgottenTo = last,
        };
    }
}

/// <summary>A Reset with the bytes that were hashed; the new pages of both chains begin with that hash.</summary>
public sealed record EncodedReset(Reset Reset, ReadOnlyMemory<byte> Bytes, Hash Hash)
{
    /// <summary>Its place in the chain of resets.</summary>
    public Head Head => new(Reset.Era, Hash);
}

/// <summary>A Reset that one party has signed: it asks the other to sign the same bytes.</summary>
public sealed record SignedReset(EncodedReset Content, ReadOnlyMemory<byte> Signature);

/// <summary>A Reset that both have signed: it stands.</summary>
/// <param name="Content">The reset.</param>
/// <param name="SignatureOfZero">64 bytes; empty where it is this node's own and not made yet.</param>
/// <param name="SignatureOfOne">64 bytes; empty where it is this node's own and not made yet.</param>
public sealed record AgreedReset(
    EncodedReset Content, ReadOnlyMemory<byte> SignatureOfZero, ReadOnlyMemory<byte> SignatureOfOne)
{
    /// <summary>The reset itself.</summary>
    public Reset Reset => Content.Reset;

    /// <summary>The signature of <paramref name="party"/>.</summary>
    public ReadOnlyMemory<byte> SignatureOf(Party party) => party == Party.Zero ? SignatureOfZero : SignatureOfOne;

    /// <summary>The same with the signature of <paramref name="party"/>.</summary>
    public AgreedReset With(Party party, ReadOnlyMemory<byte> signature) => party == Party.Zero
        ? this with { SignatureOfZero = signature }
        : this with { SignatureOfOne = signature };
}
